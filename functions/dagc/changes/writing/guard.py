"""The guard of a plan, like that of a rebuild: how many files go, and how many may. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from dagc.changes.dag_change import DagChange, Effect
from dagc.plan.inventory import Inventory
from dagc.plan.removals import exceeds


class Guard(NamedTuple):
    """Of the compiler's `files`, so many are `removed`; a rebuild may remove so many percent."""

    files: int
    removed: int
    max_removed_percent: int

    @property
    def is_exceeded(self) -> bool:
        """Whether more files go than may go without being asked for."""
        return exceeds(self.removed, self.files, self.max_removed_percent)


def guard_of(dags: Iterable[DagChange], inventory: Inventory, percent: int) -> Guard:
    """The guard of a plan for `dags`, where `inventory` is what there is. `percent` may go."""
    published = {dag_id for dag_id, record in inventory.records.items() if record.etag}
    ours = inventory.files.keys() & published
    removed = [dag for dag in dags if dag.effect is Effect.REMOVED and dag.dag_id in ours]
    return Guard(len(ours), len(removed), percent)
