"""Finds all rows that claim a DAG id, where more do than its record lists."""

from collections.abc import Collection, Sequence

from dagc.apply.all_rows import all_rows
from dagc.apply.deployment import Deployment
from dagc.compiler import RowKey, Snapshot, claiming_table, row_key
from dagc.plan.dag_plan import Claimed, claimed_by
from dagc.plan.edit import claimed_ids


def read_on(
    claims: Snapshot, claimed: Sequence[Claimed], deployment: Deployment
) -> tuple[Snapshot, Sequence[Claimed]]:
    """The rest of step 2, given the rows that it has read so far, and what claims each DAG id: the
    same, with the rows that were lacking. Mostly there is nothing to do.
    """
    lacking = {dag.dag_id for dag in claimed if dag.lacks_rows}
    if not lacking:
        return claims, claimed
    found = _claimants_of(lacking, deployment)
    rows = {row for rows in found.values() for row in rows}
    claims = claims.edited(deployment.tables.get_all(rows, deployment.in_parallel))
    return claims, [
        claimed_by(dag.begun.completed(found[dag.dag_id]), claims) if dag.dag_id in found else dag
        for dag in claimed
    ]


def _claimants_of(dag_ids: Collection[str], deployment: Deployment) -> dict[str, frozenset[RowKey]]:
    """All rows that claim each of these DAG ids."""
    found: dict[str, set[RowKey]] = {dag_id: set() for dag_id in dag_ids}
    for table in sorted({claiming_table(dag_id) for dag_id in dag_ids}):
        for item in all_rows(table, deployment):
            row = row_key(table, item)
            for dag_id in claimed_ids(row, [item]) & found.keys():
                found[dag_id].add(row)
    return {dag_id: frozenset(rows) for dag_id, rows in found.items()}
