"""The logical dates of the jobs' runs, as Jinja texts that Airflow renders in a scheduler's run."""

from dagc.compiler.analysis.logical_dates import own_microseconds
from dagc.compiler.targets import Target

MOVED = "LOGICAL_DATE"
"""The constant that holds the date of the jobs that several schedulers start."""


def own_date(target: Target) -> str:
    """The scheduler's own date: `{{ ds }}` in a job is the scheduler's day.

    A manual run of Airflow 3 may lack a logical date; then the moment of the run takes its place.
    """
    return f"{{{{ {_at(target, brackets=True)}.isoformat() }}}}"


def moved_date(starter: str, target: Target) -> str:
    """The same, but for the microseconds: they are moved on, within the second, by a number of the
    starter's own, so that two schedulers that start one job for the same moment do not collide.
    (Same date: 2.11 gives both the one run, 3.x answers 409.)
    """
    return (
        f"{{%- set at = {_at(target)} %}}\n"
        f"{{%- set microsecond = (at.microsecond + {own_microseconds(starter)}) % 1000000 %}}\n"
        "{{- at.replace(microsecond=microsecond).isoformat() }}"
    )


def _at(target: Target, *, brackets: bool = False) -> str:
    if target.major == 2:
        return "dag_run.logical_date"
    date = "dag_run.logical_date or dag_run.run_after"
    return f"({date})" if brackets else date
