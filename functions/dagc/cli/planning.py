"""Makes the plan that options ask for: against a live stack, or between two folders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dagc.apply.read_inventory import read_with_rows
from dagc.aws import INFRASTRUCTURE
from dagc.aws.bucket import Bucket
from dagc.aws.row_tables import RowTables
from dagc.aws.threads import in_threads
from dagc.changes.forecast.drift import drift, waiting
from dagc.changes.forecast.recorded_states import as_recorded
from dagc.changes.forecast.toolchain_difference import is_of_this_compiler, toolchain_difference
from dagc.changes.forecast.worlds import assumed_world, live_world, unclear_files
from dagc.changes.plan import Plan
from dagc.changes.planning import plan_changes
from dagc.changes.writing.guard import Guard, guard_of
from dagc.changes.writing.unstorable import unstorable
from dagc.cli.compiled_rows import required_toolchain
from dagc.cli.deployed_stack import DeployedStack, cannot_read
from dagc.cli.proposal import Proposal, ProposedChanges, proposed_changes
from dagc.cli.refusal import refuse, stderr
from dagc.compiler import KEYS, Diagnostic, Severity, Snapshot, Toolchain
from dagc.lineage.sql_report import SqlReport, sql_findings
from dagc.plan.file_change import Observed
from dagc.plan.inventory import Inventory
from dagc.row_files.reading.locations import Locations


class Planned(NamedTuple):
    """A plan, and what made it: the `toolchain`, the `rows` as they are to be, where they stand in
    files, and when. `deployed` is the stack, None between two folders; `guard` says how many of its
    files go; `sql` what was found in the SQL, None where nobody looked. `unwritable` are those of
    its diagnostics for which no row can be written, or not that row. `compiled_by` is the
    fingerprint of the toolchain that the stack has, as far as it is known.
    """

    plan: Plan
    toolchain: Toolchain
    rows: Snapshot
    locations: Locations | None
    now: datetime
    deployed: DeployedStack | None = None
    guard: Guard = Guard(0, 0, 100)
    sql: SqlReport | None = None
    unwritable: tuple[Diagnostic, ...] = ()
    compiled_by: str = ""


def plan_against_stack(
    deployed: DeployedStack,
    proposal: Proposal,
    team: Path | None,
    *,
    delete_missing: bool,
    is_to_be_applied: bool = False,
) -> Planned:
    """The plan of the rows that are wanted against what is live; ends with exit code 2 if that
    cannot be read. Only if it `is_to_be_applied`, the tables are asked for the types of their keys.
    """
    toolchain = required_toolchain(
        deployed.airflow, deployed.environment, team, has_runtime=deployed.has_runtime
    )
    now = datetime.now(UTC)
    try:
        with stderr.status(f"Reading the stack {deployed.stack.name}"):
            inventory, live, observed = _read_stack(deployed, toolchain)
        asked = proposed_changes(proposal, live.items, delete_missing=delete_missing)
        world = live_world(inventory, live, observed, deployed.bucket.url_prefix)
        with stderr.status("Planning"):
            read = partial(_read_files, deployed.bucket)
            plan, rows = plan_changes(asked.changes, world, toolchain, now=now, read_files=read)
            unwritable = _unwritable(asked, deployed.tables if is_to_be_applied else None)
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the stack {deployed.stack.name}", error))
    guard = guard_of(plan.dags, inventory, deployed.max_removed_percent)
    differs = toolchain_difference(
        toolchain.fingerprint, inventory.toolchain, has_team=team is not None
    )
    plan = _with_what_was_so(
        _with_errors(plan, unwritable), inventory, observed, toolchain.fingerprint, differs
    )
    made = Planned(plan._replace(kept=asked.kept), toolchain, rows, asked.locations, now, deployed)
    return made._replace(guard=guard, unwritable=unwritable, compiled_by=inventory.toolchain)


def plan_between_folders(
    old: Proposal, proposal: Proposal, toolchain: Toolchain, now: datetime
) -> Planned:
    """The plan that leads from the rows of one folder to those of another, without AWS: rows that
    are missing go.
    """
    items = {row: item for row, item in old.rows.items() if item is not None}
    asked = proposed_changes(proposal, items, delete_missing=True)
    with stderr.status("Planning"):
        world = assumed_world(Snapshot(items, toolchain.types))
        plan, rows = plan_changes(asked.changes, world, toolchain, now=now, read_files=lambda _: {})
    unwritable = _unwritable(asked, None)
    made = Planned(
        _with_errors(plan, unwritable), toolchain, rows, asked.locations or old.locations, now
    )
    return made._replace(unwritable=unwritable)


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


def _unwritable(asked: ProposedChanges, tables: RowTables | None) -> tuple[Diagnostic, ...]:
    """What is wrong with rows before they are any (no key, or the same one twice), and what
    DynamoDB would not take. `tables` are asked for the types of their keys; without them, these are
    texts.
    """
    key_types = tables.key_types if tables else _text_keys
    changes = ((change, key_types(change.row.table)) for change in asked.changes)
    refused = [it for change, types in changes for it in unstorable(change, types)]
    return (*asked.diagnostics, *refused)


def _text_keys(table: str) -> Mapping[str, str]:
    """The types of the keys of a table, where it is not asked for them."""
    return dict.fromkeys(KEYS[table], "S")


def _with_errors(plan: Plan, errors: Iterable[Diagnostic]) -> Plan:
    """`plan`, with errors that are not those of a DAG."""
    wrong: dict[Diagnostic, tuple[str, ...]] = dict.fromkeys(errors, ())
    return plan._replace(diagnostics=wrong | dict(plan.diagnostics))


def _with_what_was_so(
    plan: Plan,
    inventory: Inventory,
    observed: Mapping[str, Observed],
    here: str,
    differs: tuple[str, ...],
) -> Plan:
    """`plan`, with what is no part of the change: in what the toolchain `here` (its fingerprint)
    `differs`, for one.
    """
    drifted = drift(inventory, observed)
    is_ours = is_of_this_compiler(inventory.toolchain, here)
    waits = waiting(inventory, drifted) if is_ours else ()
    plan = plan._replace(drift=drifted, waiting=waits, toolchain=differs)
    if not inventory.toolchain:
        return plan
    dags, sentence = as_recorded(plan.dags, inventory.records, plan.waiting)
    return plan._replace(dags=dags, toolchain=(*differs, *([sentence] if sentence else [])))


def _read_stack(
    deployed: DeployedStack, toolchain: Toolchain
) -> tuple[Inventory, Snapshot, dict[str, Observed]]:
    """All that there is, with the rows; and the objects of which the listing does not tell whose
    they are.
    """
    inventory, rows = read_with_rows(
        tables=deployed.tables,
        dags=deployed.dags,
        dependencies=deployed.dependencies,
        bucket=deployed.bucket,
        toolchain=toolchain,
        in_parallel=in_threads,
    )
    unclear = unclear_files(inventory)
    found = zip(unclear, in_threads(deployed.bucket.observe, unclear), strict=True)
    return inventory, rows, {dag_id: it for dag_id, it in found if it is not None}


def _read_files(bucket: Bucket, dag_ids: Sequence[str]) -> Mapping[str, str]:
    texts = zip(dag_ids, in_threads(bucket.text, dag_ids), strict=True)
    return {dag_id: text for dag_id, text in texts if text is not None}
