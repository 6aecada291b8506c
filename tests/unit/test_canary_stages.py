"""How far the canary's DAG has come: a compile has begun, its file is there, all is settled."""

import pytest

from dagc.canary.canary_stages import Latencies, Seen, stages
from dagc.plan.record import Record, State

DAG = "job-dagc_canary"
NOTHING = Seen(Record(DAG), "")


def seen(revision: int, state: str, etag: str, settled: int = -1, owed: str = "") -> Seen:
    """A DAG at rest, unless `settled` says otherwise, with its file."""
    settled = revision if settled < 0 else settled
    return Seen(Record(DAG, revision, settled, state=state, etag=etag, unannounced=owed), etag)


FIRST = seen(1, "published", "one")
ALL = list(Latencies._fields)


@pytest.mark.parametrize(
    ("before", "now", "wanted", "come_to"),
    [
        (NOTHING, NOTHING, State.PUBLISHED, []),
        (NOTHING, seen(1, "", "", settled=0), State.PUBLISHED, ["begun"]),
        (NOTHING, Seen(Record(DAG, 1), "one"), State.PUBLISHED, ["begun", "file"]),
        (NOTHING, FIRST, State.PUBLISHED, ALL),
        (FIRST, FIRST, State.PUBLISHED, ["settled"]),
        (FIRST, seen(2, "published", "two"), State.PUBLISHED, ALL),
        (FIRST, seen(2, "removed", ""), State.REMOVED, ALL),
        # DynamoDB has dropped the record meanwhile.
        (FIRST, NOTHING, State.REMOVED, ALL),
    ],
)
def test_how_far(before: Seen, now: Seen, wanted: State, come_to: list[str]) -> None:
    assert list(stages(before, now, wanted, new=True)) == come_to


def test_the_last_good_file_stays() -> None:
    invalid = seen(2, "invalid", "one")
    assert list(stages(FIRST, invalid, State.INVALID, new=False)) == ALL
    assert "settled" not in stages(FIRST, seen(2, "invalid", ""), State.INVALID, new=False)


def test_an_event_that_is_owed_is_waited_for() -> None:
    owed = seen(1, "published", "one", owed="DAG published")
    assert list(stages(NOTHING, owed, State.PUBLISHED, new=True)) == ["begun", "file"]


def test_a_record_of_another_file_is_not_settled() -> None:
    other = Seen(FIRST.record, "two")
    assert "settled" not in stages(NOTHING, other, State.PUBLISHED, new=True)
