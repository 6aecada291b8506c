"""Warns of operators of a row that wait otherwise in one Airflow than in another."""

from collections.abc import Collection, Iterator, Mapping

from dagc.compiler.analysis.dag_settings import dag_settings
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.fallbacks import JOB_FALLBACKS
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.operator_waits import WAITING_DEFERRED
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.targets import Target

_DEFERRABLE = ("arguments", "deferrable")


def waiting_operators(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    enabled: Collection[str],
    defaults: Defaults,
    target: Target,
) -> Iterator[Diagnostic]:
    """Returns a warning for each task of `job` whose row lets it defer where its retries then do
    nothing, and for each that only waits if it defers, and does not. `enabled` are their ids.
    """
    if target.deferrable:
        return
    types = {id_: task_type for id_ in enabled if (task_type := tasks[id_].type)}
    known = {id_: it.signature.name for id_, it in types.items() if it.signature}
    if not known:
        return
    shared = dag_settings(JOB_PARAMS_SCHEMA, JOB_FALLBACKS, defaults.job_params, job.params)
    for task_id, name in known.items():
        task = tasks[task_id]
        layers = task_layers(job, task, types[task_id].name, defaults)
        said = {value: layer_of(layers, _DEFERRABLE, value) for value in (True, False)}
        own = job.task_configs[task_id].settings if task_id in job.task_configs else {}
        if (layer := said[True]) and own.get("retries", shared["retries"]):
            yield layer.diagnostic(_retries_do_nothing(name, target).inside(*_DEFERRABLE))
        elif name in WAITING_DEFERRED and not any(said.values()):
            yield _waits_not(name, target).at(task.row, "task_params")


def _retries_do_nothing(name: str, target: Target) -> Problem:
    return Problem(
        Code.UNSUPPORTED,
        f"in Airflow {target}, a retry of a task that has deferred does not do its work again",
        f"Leave deferrable out, so that {name} waits by itself; or set retries to 0.",
        severity=Severity.WARNING,
    )


def _waits_not(name: str, target: Target) -> Problem:
    return Problem(
        Code.UNSUPPORTED,
        f"{name} only waits for what it starts if it defers, which tasks in Airflow {target} "
        "do not: what follows starts at once",
        "Let a sensor wait after it; or say deferrable here: false if nothing has to wait.",
        ("operator",),
        Severity.WARNING,
    )
