"""What has to be allowed before a plan is written: by an option, or by an answer."""

import sys
from typing import NamedTuple

import typer

from dagc.changes.kinds.word_lists import counted
from dagc.changes.writing.plan_file import SavedPlan
from dagc.cli.refusal import refuse, stderr


class Allowed(NamedTuple):
    """The options: rows may be deleted; errors may be written; yes to all questions."""

    delete: bool
    errors: bool
    yes: bool


def needed_options(plan: SavedPlan) -> list[str]:
    """The options without which the plan is not written."""
    deletes = any(change.after is None for change in plan.rows)
    return ["--delete"] * deletes + ["--allow-errors"] * bool(plan.errors)


def refusal(plan: SavedPlan, allowed: Allowed, *, is_shown: bool) -> str:
    """Why the plan is not written with these options; "" where they allow it. `is_shown`: it was
    printed just now, its errors, too.
    """
    deleted = sum(change.after is None for change in plan.rows)
    if plan.errors and not allowed.errors:
        where = " (see above)." if is_shown else ": `dagc plan` shows them."
        return (
            f"The plan has {counted(plan.errors, 'error')}{where} Repair these, or add "
            "--allow-errors: DAGs in error keep their last good file."
        )
    if deleted and not allowed.delete:
        return f"The plan deletes {counted(deleted, 'row')}: if that is meant, add --delete."
    return ""


def asks(plan: SavedPlan, *, was_seen: bool, allowed: Allowed) -> bool:
    """Whether a person has to agree. Ends with exit code 2 where nobody can be asked.

    `was_seen`: the plan was saved to a file, so that it is asked for no more than its guard.
    """
    if allowed.yes or (was_seen and not plan.guard.is_exceeded):
        return False
    if not is_attended():
        refuse(_unattended(plan))
    return True


def is_attended() -> bool:
    """Whether there is a terminal to ask at."""
    return sys.stdin.isatty()


def consents(plan: SavedPlan) -> bool:
    """Whether the person at the terminal agrees."""
    if plan.guard.is_exceeded:
        return _asks_for_number(plan)
    return typer.confirm(f"Write {_summary(plan)} in {plan.destination.stack}?", err=True)


def _summary(plan: SavedPlan) -> str:
    """What is written, in numbers."""
    deleted = sum(change.after is None for change in plan.rows)
    numbers = {"row": len(plan.rows) - deleted, "deletion": deleted}
    return " and ".join(counted(number, what) for what, number in numbers.items() if number)


def _unattended(plan: SavedPlan) -> str:
    if plan.guard.is_exceeded:
        return f"{_guard(plan)} If that is meant, add --yes."
    return "There is no terminal to ask whether to write this. Add --yes, or apply a plan file."


def _guard(plan: SavedPlan) -> str:
    files, removed, percent = plan.guard
    return (
        f"This removes {removed} of {counted(files, 'file')}, more than the {percent} percent of "
        "MaxRemovedPercent."
    )


def _asks_for_number(plan: SavedPlan) -> bool:
    stderr.print(_guard(plan), style="red")
    number = str(plan.guard.removed)
    answer: str = typer.prompt(
        "Type the number of files that go", default="", show_default=False, err=True
    )
    return answer.strip() == number
