"""Announces what became of DAGs; what could not be announced stays noted in their records.

An event that EventBridge does not take fails no DAG: its file is there, and its record says so. The
record also says which event is owed (`unannounced`), and whoever compiles the DAG next announces
it; a rebuild compiles each DAG of which an event is owed. Both go before the record is stored. So,
of each change that a record tells, an event is sent at least once, or owed: a compile that dies
before it stores its record is made again, and finds the same change, or what was owed before.
"""

from collections.abc import Sequence
from itertools import chain

from dagc.apply.deployment import Deployment
from dagc.apply.results import Failure, Outcome
from dagc.aws.batches import chunks
from dagc.aws.event_bus import BATCH_SIZE
from dagc.plan.announcement import Announcement, announcement
from dagc.plan.request import Again


def announce(
    results: Sequence[Outcome | Failure | Again], deployment: Deployment
) -> list[Outcome | Failure | Again]:
    """Announces the outcomes among `results`, where there is something to tell. Returns `results`,
    their records with what is owed.
    """
    due = {
        index: news
        for index, result in enumerate(results)
        if isinstance(result, Outcome)
        and (news := announcement(result.before, result.after)) is not None
    }
    sent = deployment.in_parallel(deployment.bus.announce, chunks(due.values(), BATCH_SIZE))
    errors = dict(zip(due, chain.from_iterable(sent), strict=True))
    return [
        _noted(result, due.get(index), errors.get(index)) if isinstance(result, Outcome) else result
        for index, result in enumerate(results)
    ]


def _noted(outcome: Outcome, news: Announcement | None, error: Exception | None) -> Outcome:
    owed = news.kind if news and error else ""
    return outcome._replace(after=outcome.after._replace(unannounced=owed), unannounced=error)
