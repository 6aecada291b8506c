"""Saves a plan to a file, and loads it again."""

from pathlib import Path

from dagc.aws import INFRASTRUCTURE
from dagc.changes.writing.plan_file import (
    Destination,
    PlanFileError,
    SavedPlan,
    expected,
    plan_text,
    read_plan,
)
from dagc.cli.deployed_stack import DeployedStack, cannot_read
from dagc.cli.planning import Planned
from dagc.cli.refusal import reason, refuse
from dagc.compiler import KEYS, Severity


def to_be_saved(planned: Planned, deployed: DeployedStack) -> SavedPlan:
    """What `dagc apply` has to know of a plan, all of whose rows can be written; ends with exit
    code 2 where the tables cannot be read.
    """
    plan = planned.plan
    errors = [it for it in plan.diagnostics if it.severity is Severity.ERROR]
    destination = destination_of(deployed)
    return SavedPlan(
        destination,
        planned.compiled_by,
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


def toolchain_of(deployed: DeployedStack) -> str:
    """The fingerprint of what a stack compiles with, as its last rebuild has stored it; "" before
    the first.
    """
    try:
        return deployed.dependencies.toolchain()
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the tables of {deployed.stack.name}", error))


def save(plan: SavedPlan, file: Path) -> None:
    """Writes the plan to `file`; ends with exit code 2 where it cannot be written."""
    try:
        file.write_text(plan_text(plan), encoding="utf-8")
    except OSError as error:
        why = reason(error)
        refuse(f"--out: cannot write {file}: {why}. Name a file in a folder that you can write to.")


def withdraw(file: Path) -> None:
    """Removes the plan that `file` holds, so that none of before is taken for one that could not be
    made. Anything else in it stays until it is written over.
    """
    try:
        read_plan(file.read_text(encoding="utf-8") if file.is_file() else "")
    except (OSError, UnicodeDecodeError, PlanFileError):
        return
    try:
        file.unlink()
    except OSError as error:
        why = reason(error)
        refuse(f"--out: cannot remove the older plan {file}: {why}. Remove it, or name another.")


def load(file: Path) -> SavedPlan:
    """The plan in `file`; ends with exit code 2 where it is none."""
    if file.is_dir():
        refuse(f"{file} is a folder: name a plan file, or the folder of rows with --rows {file}.")
    try:
        return read_plan(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        refuse(f"{file} is no plan: name a file that `dagc plan --out FILE` has written.")
    except OSError as error:
        refuse(f"Cannot read {file}: {reason(error)}.")
    except PlanFileError as error:
        refuse(f"{file} {error}.")
