"""The guard of a rebuild: how many files it would remove, and how many it may. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from dagc.plan.inventory import Inventory
from dagc.plan.request import Request


def exceeds(removed: int, files: int, percent: int) -> bool:
    """Whether more than `percent` of so many files would be removed."""
    return removed * 100 > files * percent


class Removals(NamedTuple):
    """Of the compiler's `files`, those of these DAGs would be removed."""

    dag_ids: tuple[str, ...]
    files: int

    def exceed(self, percent: int) -> bool:
        """Whether more than `percent` of the files would go."""
        return exceeds(len(self.dag_ids), self.files, percent)


def removals(inventory: Inventory, requests: Iterable[Request]) -> Removals:
    """What `requests` would remove: files that the compiler has and no enabled row claims."""
    enabled = {
        dag_id for dag_id, rows in inventory.claims.items() if any(row.enabled for row in rows)
    }
    asked = [request.dag_id for request in requests]
    published = {dag_id for dag_id, record in inventory.records.items() if record.etag}
    unrecorded = set(asked) - inventory.records.keys()
    ours = inventory.files.keys() & (published | unrecorded)
    return Removals(tuple(id_ for id_ in asked if id_ in ours and id_ not in enabled), len(ours))
