"""Saves a plan to a file, and loads it again."""

from collections.abc import Iterable
from pathlib import Path

from dagc.aws import INFRASTRUCTURE
from dagc.changes.row_change import RowChange
from dagc.changes.writing.plan_file import (
    Destination,
    PlanFileError,
    SavedPlan,
    expected,
    plan_text,
    read_plan,
)
from dagc.changes.writing.unstorable import unstorable
from dagc.cli.deployed_stack import DeployedStack, cannot_read
from dagc.cli.diagnostic_listing import print_diagnostics
from dagc.cli.planning import Planned
from dagc.cli.refusal import refuse, stderr
from dagc.compiler import KEYS, Severity


def to_be_saved(planned: Planned, deployed: DeployedStack) -> SavedPlan:
    """What `dagc apply` has to know of a plan; ends with exit code 2 where DynamoDB would not take
    a row.
    """
    plan = planned.plan
    errors = [it for it in plan.diagnostics if it.severity is Severity.ERROR]
    destination = destination_of(deployed)
    _require_storable(plan.rows, deployed)
    return SavedPlan(
        destination,
        planned.toolchain.fingerprint,
        planned.guard,
        len(errors),
        plan.rows,
        expected(plan.dags),
    )


def destination_of(deployed: DeployedStack) -> Destination:
    """What a stack is called, and where its tables are."""
    try:
        return Destination(
            deployed.stack.name, {table: deployed.tables.arn(table) for table in KEYS}
        )
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the tables of {deployed.stack.name}", error))


def save(plan: SavedPlan, file: Path) -> None:
    """Writes the plan to `file`; ends with exit code 2 where it cannot be written."""
    try:
        file.write_text(plan_text(plan), encoding="utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        refuse(f"--out: cannot write {file}: {why}. Name a file in a folder that you can write to.")


def load(file: Path) -> SavedPlan:
    """The plan in `file`; ends with exit code 2 where it is none."""
    if file.is_dir():
        refuse(f"{file} is a folder: name a plan file, or the folder of rows with --rows {file}.")
    try:
        return read_plan(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        refuse(f"{file} is no plan: name a file that `dagc plan --out FILE` has written.")
    except OSError as error:
        refuse(f"Cannot read {file}: {(error.strerror or str(error)).lower()}.")
    except PlanFileError as error:
        refuse(f"{file} {error}.")


def _require_storable(changes: Iterable[RowChange], deployed: DeployedStack) -> None:
    found = [
        diagnostic
        for change in changes
        for diagnostic in unstorable(change, deployed.tables.key_types(change.row.table))
    ]
    if found:
        print_diagnostics(stderr, {diagnostic: [] for diagnostic in found})
        refuse("DynamoDB would not take these rows: the plan cannot be applied.")
