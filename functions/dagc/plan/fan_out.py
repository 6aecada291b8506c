"""Says how far an edit was followed that concerns more DAGs than there was time for. Pure.

Such an edit is delivered again. Its readers are compiled in the order of their ids, and `Progress`
stays true for ever: the readers that it tells of were compiled after the edit. One that has come to
read the input since then has stored its dependency before it read: it read the row as edited. So
whoever follows the same edit again goes on behind them, and each delivery that has time for one
chunk of DAGs comes farther, until there are none left.
"""

from collections.abc import Collection, Iterable
from itertools import takewhile
from typing import NamedTuple

from dagc.compiler import RowKey

MAX_AGAIN = 100
"""Fewer than a chunk: whatever fails time and again, each delivery also comes to others. And of the
longest ids, so that the item stays below 400 kB.
"""


class Progress(NamedTuple):
    """Since the edit with the number `sequence`, all readers up to `last` have been compiled, but
    for those to be done `again`, at which AWS failed.
    """

    sequence: str
    last: str
    again: frozenset[str] = frozenset()


class Readers(NamedTuple):
    """The DAGs that may read an input, and the latest progress that was noted there; of the input
    of a job id, also the rows that are listed there.
    """

    dag_ids: frozenset[str]
    progress: Progress | None = None
    job_rows: frozenset[RowKey] = frozenset()

    def left(self, sequence: str) -> frozenset[str]:
        """Those that the edit `sequence` has still to be followed for."""
        known = self.progress
        if known is None or known.sequence != sequence:
            return self.dag_ids
        return frozenset(id_ for id_ in self.dag_ids if id_ > known.last or id_ in known.again)

    def after(
        self, sequence: str, failed: Collection[str], unreached: Collection[str]
    ) -> Progress | None:
        """The progress when the edit `sequence` was followed for those that were left, but for
        these; None if there is none.
        """
        reached = list(takewhile(lambda id_: id_ not in unreached, sorted(self.dag_ids)))
        again = [id_ for id_ in reached if id_ in failed]
        if len(again) > MAX_AGAIN:
            reached = _before(again[MAX_AGAIN], reached)
        again = again[:MAX_AGAIN]
        return Progress(sequence, reached[-1], frozenset(again)) if reached else None


def _before(dag_id: str, dag_ids: Iterable[str]) -> list[str]:
    return list(takewhile(lambda id_: id_ < dag_id, dag_ids))
