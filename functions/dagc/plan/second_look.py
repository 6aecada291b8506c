"""Says which DAGs are looked at once more, because a call may still come, and when. Pure.

A request that its client gave up may be executed later, its condition judged then. No condition of
S3 tells a file from an earlier one with the same bytes: an ETag is content, not identity; and that
there is no file says not since when. So a compile is in doubt where such a call may come: after it
repeated a write; where it finds another compile unfinished, which may have died, or may write yet;
and where its toolchain is not that of the last rebuild: it is an old one, which still runs after a
deployment, or a new one before its rebuild. It asks for a look before its record says that it has
ended; so one that dies before that is itself found unfinished.

A look is a compile that takes nothing for granted. There is one soon, for nearly all late calls are
late by seconds; and a last one when none can come any more. A compile that was under way when the
look was asked for ends with its function, after 15 minutes; and AWS takes no request 15 minutes
after it was signed ("Signing and authenticating REST requests", RequestTimeTooSkewed).
"""

from collections.abc import Iterable
from typing import NamedTuple

from dagc.plan.record import Record, unfinished
from dagc.plan.request import Request

EVERY = 5 * 60
"""Seconds between two invocations that look, as `template.yaml` has them."""
LATEST = (15 + 15 + 5) * 60
"""Seconds until no call can come any more: 15 to the end of a function, 15 to that of a signature,
and 5 for clocks and for what AWS takes to execute it.
"""


class Look(NamedTuple):
    """That the compile `revision` of a DAG was in doubt at `asked_at` (seconds since the epoch)."""

    dag_id: str
    revision: int
    asked_at: int

    def is_due(self, now: float) -> bool:
        """Whether the DAG is to be looked at now: soon after it was asked for, and at the end."""
        return now < self.asked_at + EVERY + 60 or self.is_last(now)

    def is_last(self, now: float) -> bool:
        """Whether no call can come any more."""
        return now >= self.asked_at + LATEST


def is_in_doubt(request: Request, begun: Record) -> bool:
    """Whether compiles that began before this one may have calls that still come: those that have
    not ended, but for attempts of `request` itself whose calls were all answered.
    """
    return bool(unfinished(begun, request.attempts))


def requests_of(looks: Iterable[Look]) -> list[Request]:
    """A request for each of the DAGs, the one first that was asked for first. It takes nothing for
    granted: not the dependencies that the record knows, nor what it knows of other schedulers.
    """
    dag_ids = dict.fromkeys(look.dag_id for look in sorted(looks, key=lambda it: it.asked_at))
    return [Request(dag_id, sharing_changed=True, unsure=True, looks=True) for dag_id in dag_ids]
