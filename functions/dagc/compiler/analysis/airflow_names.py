"""Says which names a target takes when it loads a file, and fails with when it runs it.

Both were tried; docs/airflow.md, "Names in other scripts", has what happens.
"""

from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.targets import Target

_NO_TWO_DOTS = Target(3, 3)
"""The first that refuses a run with ".." in its id (`DagRun.validate_run_id`)."""


def task_name_problem(name: str, target: Target) -> Problem | None:
    """Returns the problem of a task's name; None if `target` runs the task."""
    if name.isascii() or target.major > 2:
        return None
    return Problem(
        Code.UNSUPPORTED,
        f"Airflow {target} fails to run a task called {name!r} where metrics are on, as on MWAA",
        "Use a-z, A-Z, 0-9, '_', '-' and '.', or deploy for Airflow 3.",
    )


def schedule_name_problem(name: str, target: Target) -> Problem | None:
    """Returns the problem of a scheduler's name; None if `target` starts its jobs: the ids of their
    runs begin with it.
    """
    if ".." not in name or target < _NO_TWO_DOTS:
        return None
    return Problem(
        Code.UNSUPPORTED,
        f"Airflow {target} refuses the runs of its jobs: the name {name!r}, which is in their ids, "
        "has two dots in a row",
        "Rename it, with one dot.",
    )
