"""How far a step of the canary has come, by what is seen of a DAG. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from dagc.plan.record import Record, State, is_at_rest


class Latencies(NamedTuple):
    """Seconds from the last write of a step until, for its slowest DAG: a compile had begun, the
    file was there (or gone, or left), and the record said so and EventBridge had taken the event.
    """

    begun: float
    file: float
    settled: float


class Seen(NamedTuple):
    """A DAG as it is: its record, and the ETag of its file ("" without one)."""

    record: Record
    etag: str


def stages(before: Seen, now: Seen, wanted: State, *, new: bool) -> Iterator[str]:
    """What of `Latencies` a DAG has come to since `before`, on its way to the state `wanted`, with
    a new file or the one that there was.
    """
    record = now.record
    is_gone = wanted is State.REMOVED and record.state in ("", State.REMOVED)
    if record.revision > before.record.revision or is_gone:
        yield "begun"
    is_there = bool(now.etag) == (wanted is not State.REMOVED)
    if is_there and (not new or not now.etag or now.etag != before.etag):
        yield "file"
    is_its_file = wanted is State.REMOVED or record.etag == now.etag
    is_so = is_there and (record.state == wanted or is_gone) and is_its_file
    # A compile announces before it settles. Where EventBridge refused, the record owes the event.
    if is_so and is_at_rest(record) and not record.unannounced:
        yield "settled"
