"""Says what is wrong with the setups and teardowns of a job.

What Airflow refuses is in its source (`as_teardown`, `DAG.validate_setup_teardown`). It never says
that a teardown comes too early: what uses the setup has to be before it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.reachability import reachable
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity, known_words, nearest
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.setups import setup_ids

_MOST = 3
"""Tasks that come too late which are told for one teardown."""


def teardown_diagnostics(job: JobRow) -> Iterator[Diagnostic]:
    """What is wrong with each teardown of `job`, and with what follows its setups."""
    setups = {id_: setup_ids(config) for id_, config in job.task_configs.items()}
    setups = {id_: found for id_, found in setups.items() if found}
    downstream = _downstream(job) if setups else {}
    for task_id, found in setups.items():
        for problem in _of_one(job, task_id, found, setups):
            yield problem.at(job.row, "job_task_configs")
        for problem in _too_early(job, task_id, setups, downstream):
            yield problem.at(job.row, "job_task_dependencies")
    all_setups = {setup for found in setups.values() for setup in found}
    for task_id, config in job.task_configs.items():
        follows = [parent for parent in job.upstream.get(task_id, ()) if parent in all_setups]
        if follows and task_id not in setups and _has_rule(config.settings):
            problem = _rule_after_setup(follows[0]).inside(*config.path, "trigger_rule")
            yield problem.at(job.row, "job_task_configs")


def _of_one(
    job: JobRow, task_id: str, found: Sequence[str], setups: Mapping[str, list[str]]
) -> Iterator[Problem]:
    path, settings = job.task_configs[task_id]
    for index, setup in enumerate(found):
        here = (*path, "teardown", index)
        if setup not in job.tasks:
            message = f"the job has no task {setup!r}"
            problem = Problem(Code.MISSING_TASK, message, known_words(job.tasks), here)
            meant = nearest(setup, job.tasks)
            yield problem.proposing(meant) if meant else problem
        elif setup in setups:
            message = f"the task {setup!r} is a teardown itself, and Airflow lets none be a setup"
            hint = "Take `teardown` away from one of the two, or let this one follow it by its pid."
            yield Problem(Code.CONTRADICTION, message, hint, here)
    if settings.get("trigger_rule") is not None:
        yield Problem(
            Code.CONTRADICTION,
            "Airflow gives a teardown a rule of its own: it runs once all before it have ended, if "
            "a setup of its own succeeded",
            "Keep one of the two.",
            (*path, "trigger_rule"),
        )


def _has_rule(settings: Settings) -> bool:
    return settings.get("trigger_rule") not in (None, "all_success")


def _rule_after_setup(setup: str) -> Problem:
    return Problem(
        Code.CONTRADICTION,
        f"the task follows {setup!r}, which is a setup, and Airflow lets only all_success follow a "
        "setup",
        "Remove it, or let the task follow one that comes after the setup.",
    )


def _downstream(job: JobRow) -> Mapping[str, Sequence[str]]:
    """The tasks that directly follow each."""
    downstream: dict[str, list[str]] = defaultdict(list)
    for child, parents in job.upstream.items():
        for parent in parents:
            downstream[parent].append(child)
    return downstream


def _too_early(
    job: JobRow,
    task_id: str,
    setups: Mapping[str, list[str]],
    downstream: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    """A warning for each last task after the setups of `task_id` that it does not wait for."""
    before, after = reachable([task_id], job.upstream), reachable([task_id], downstream)
    users = reachable(setups[task_id], downstream) - before - after - setups.keys()
    last = [
        user for user in job.tasks if user in users and users.isdisjoint(downstream.get(user, ()))
    ]
    for user in last[:_MOST]:
        yield Problem(
            Code.MISSING_DEPENDENCY,
            f"the teardown {task_id!r} does not wait for {user!r}, which may still use the setup",
            f'Add {{"task_id": "{task_id}", "pid": "{user}"}}.',
            severity=Severity.WARNING,
        )
