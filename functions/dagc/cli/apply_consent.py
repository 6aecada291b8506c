"""What has to be allowed before a plan is written: by an option, or by an answer."""

import sys
from typing import NamedTuple

import typer

from dagc.changes.plan_file import SavedPlan
from dagc.changes.word_lists import counted
from dagc.cli.refusal import refuse, stderr


class Allowed(NamedTuple):
    """The options: rows may be deleted; errors may be written; yes to all questions."""

    delete: bool
    errors: bool
    yes: bool


def refusal(plan: SavedPlan, allowed: Allowed) -> str:
    """Why the plan is not written with these options; "" where they allow it."""
    deleted = sum(change.after is None for change in plan.rows)
    if plan.errors and not allowed.errors:
        return (
            f"The plan has {counted(plan.errors, 'error')}: `dagc plan` shows them. Repair these, "
            "or add --allow-errors: DAGs in error keep their last good file."
        )
    if deleted and not allowed.delete:
        return f"The plan deletes {counted(deleted, 'row')}: if that is meant, add --delete."
    return ""


def consents(plan: SavedPlan, *, was_seen: bool, allowed: Allowed) -> bool:
    """Whether a person agrees. Ends with exit code 2 where there is a question and nobody to ask.

    `was_seen`: the plan was saved to a file, so that only what its guard asks for is asked.
    """
    if allowed.yes or (was_seen and not plan.guard.is_exceeded):
        return True
    if not sys.stdin.isatty():
        refuse(_unattended(plan))
    if plan.guard.is_exceeded:
        return _ask_for_number(plan)
    return typer.confirm(f"Write {summary(plan)} in {plan.destination.stack}?", err=True)


def summary(plan: SavedPlan) -> str:
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


def _ask_for_number(plan: SavedPlan) -> bool:
    stderr.print(_guard(plan), style="red")
    number = str(plan.guard.removed)
    answer: str = typer.prompt(
        "Type the number of files that go", default="", show_default=False, err=True
    )
    return answer.strip() == number
