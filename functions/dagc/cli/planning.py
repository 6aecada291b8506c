"""Makes the plan that options ask for: against a live stack, or between two folders."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from dagc.apply.read_inventory import read_inventory
from dagc.aws import INFRASTRUCTURE
from dagc.aws.bucket import Bucket
from dagc.aws.threads import in_threads
from dagc.changes.forecast.drift import drift, waiting
from dagc.changes.forecast.toolchain_difference import toolchain_difference
from dagc.changes.forecast.worlds import assumed_world, live_world, unclear_files
from dagc.changes.plan import Plan
from dagc.changes.planning import plan_changes
from dagc.changes.writing.guard import Guard, guard_of
from dagc.cli.compiled_rows import required_toolchain
from dagc.cli.deployed_stack import DeployedStack, cannot_read
from dagc.cli.proposal import Proposal, Wanted, proposal
from dagc.cli.refusal import refuse, stderr
from dagc.compiler import Diagnostic, Severity, Snapshot, Toolchain
from dagc.lineage.sql_report import SqlReport, sql_findings
from dagc.plan.inventory import Inventory
from dagc.row_files.reading.locations import Locations


class Planned(NamedTuple):
    """A plan, and what made it: the `toolchain`, the `rows` as they are to be, where they stand in
    files, and when. `deployed` is the stack, None between two folders; `guard` says how many of its
    files go; `sql` what was found in the SQL, None where nobody looked.
    """

    plan: Plan
    toolchain: Toolchain
    rows: Snapshot
    locations: Locations | None
    now: datetime
    deployed: DeployedStack | None = None
    guard: Guard = Guard(0, 0, 100)
    sql: SqlReport | None = None


def plan_against_stack(
    deployed: DeployedStack, wanted: Wanted, team: Path | None, *, delete_missing: bool
) -> Planned:
    """The plan of the rows that are wanted against what is live; ends with exit code 2 if that
    cannot be read.
    """
    toolchain = required_toolchain(
        deployed.airflow, deployed.environment, team, has_runtime=deployed.has_runtime
    )
    now = datetime.now(UTC)
    try:
        with stderr.status(f"Reading the stack {deployed.stack.name}"):
            inventory = _inventory(deployed, toolchain)
            unclear = unclear_files(inventory)
            found = zip(unclear, in_threads(deployed.bucket.observe, unclear), strict=True)
            observed = {dag_id: it for dag_id, it in found if it is not None}
        asked = proposal(wanted, inventory.rows.items, delete_missing=delete_missing)
        world = live_world(inventory, observed, deployed.bucket.url_prefix)
        with stderr.status("Planning"):
            plan = plan_changes(
                asked.changes,
                world,
                toolchain,
                now=now,
                read_files=lambda dag_ids: _read_files(deployed.bucket, dag_ids),
            )
            drifted = drift(inventory, observed)
            plan = _with_files(plan, asked)._replace(
                kept=asked.kept,
                drift=drifted,
                waiting=waiting(inventory, drifted),
                toolchain=toolchain_difference(toolchain.fingerprint, inventory.toolchain),
            )
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the stack {deployed.stack.name}", error))
    rows = inventory.rows.edited({change.row: change.after for change in asked.changes})
    guard = guard_of(plan.dags, inventory, deployed.max_removed_percent)
    return Planned(plan, toolchain, rows, asked.locations, now, deployed, guard)


def plan_between_folders(
    old: Wanted, wanted: Wanted, toolchain: Toolchain, now: datetime
) -> Planned:
    """The plan that leads from the rows of one folder to those of another, without AWS: rows that
    are missing go.
    """
    items = {row: item for row, item in old.rows.items() if item is not None}
    rows = Snapshot(items, toolchain.types)
    asked = proposal(wanted, items, delete_missing=True)
    with stderr.status("Planning"):
        plan = plan_changes(
            asked.changes, assumed_world(rows), toolchain, now=now, read_files=lambda _: {}
        )
    after = rows.edited({change.row: change.after for change in asked.changes})
    return Planned(_with_files(plan, asked), toolchain, after, asked.locations, now)


def with_sql(planned: Planned) -> Planned:
    """`planned`, with what is found in the SQL of its DAGs as they are to be."""
    sql = sql_findings(planned.rows, planned.toolchain, {dag.dag_id for dag in planned.plan.dags})
    found = {it.diagnostic: it.dag_ids for it in sql.findings}
    ranks = list(Severity)
    diagnostics = sorted(
        {**planned.plan.diagnostics, **found}.items(), key=lambda it: ranks.index(it[0].severity)
    )
    return planned._replace(
        plan=planned.plan._replace(diagnostics=dict(diagnostics)),
        locations=planned.locations.with_texts(sql.places) if planned.locations else None,
        sql=sql,
    )


def _with_files(plan: Plan, asked: Proposal) -> Plan:
    """`plan`, with what is wrong with rows before they are any: no key, or the same one twice."""
    wrong: dict[Diagnostic, tuple[str, ...]] = dict.fromkeys(asked.diagnostics, ())
    return plan._replace(diagnostics=wrong | dict(plan.diagnostics))


def _inventory(deployed: DeployedStack, toolchain: Toolchain) -> Inventory:
    return read_inventory(
        tables=deployed.tables,
        dags=deployed.dags,
        dependencies=deployed.dependencies,
        bucket=deployed.bucket,
        toolchain=toolchain,
        in_parallel=in_threads,
    )


def _read_files(bucket: Bucket, dag_ids: Sequence[str]) -> Mapping[str, str]:
    texts = zip(dag_ids, in_threads(bucket.text, dag_ids), strict=True)
    return {dag_id: text for dag_id, text in texts if text is not None}
