"""Reads `on_failure`, which says where the failures of a DAG, a task or a trigger are reported."""

from collections.abc import Iterator, Mapping

from dagc.compiler.analysis.models import Alert, Settings
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, RowKey
from dagc.compiler.rows.keys import JOB, SCHEDULER
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.on_failure import ALERT_KINDS, AlertKind
from dagc.compiler.schema.layers import merged
from dagc.compiler.targets import Target

SETTING = "on_failure"

_ATTRIBUTES = {
    JOB: ("job_params", "job_task_configs"),
    SCHEDULER: ("schedule_params", "schedule_job_configs"),
}
"""Where a row says it for itself, and where for its members."""


def overlaid(inherited: Settings, own: Settings) -> Settings:
    """Returns the `on_failure` that holds where `own` settings are over what is `inherited`."""
    both = merged({SETTING: inherited}, {k: v for k, v in own.items() if k == SETTING})
    given = both.get(SETTING)
    return given if isinstance(given, Mapping) else {}


def alerts(on_failure: Settings) -> tuple[Alert, ...]:
    """Returns the alerts that `on_failure` asks for, each with the settings of its kind that are
    given.
    """
    given = _given(on_failure)
    return tuple(
        Alert(kind.name, {name: given[name] for name in kind.settings if name in given})
        for kind in _kinds(given)
    )


def alert_diagnostics(
    row: RowKey,
    on_failure: Settings,
    params: Settings,
    configs: Mapping[str, MemberConfig],
    target: Target,
) -> list[Diagnostic]:
    """Returns what is wrong with the `on_failure` of the DAG of `row`, and with those of its
    members.
    """
    names = _ATTRIBUTES[row.table]
    found = _problems(on_failure, params, (), target)
    diagnostics = [problem.at(row, names[0]) for problem in found]
    for path, settings in configs.values():
        if SETTING in settings:
            found = _problems(overlaid(on_failure, settings), settings, path, target)
            diagnostics += [problem.at(row, names[1]) for problem in found]
    return diagnostics


def _problems(
    on_failure: Settings, own: Settings, path: JsonPath, target: Target
) -> Iterator[Problem]:
    """Returns what is wrong with `on_failure`, to which `own` settings contribute at `path`."""
    kinds = _kinds(_given(on_failure))
    own_on_failure = own.get(SETTING)
    own_on_failure = own_on_failure if isinstance(own_on_failure, dict) else {}
    path = (*path, SETTING) if own_on_failure else ()
    if not kinds and _given(own_on_failure):
        *most, last = dict.fromkeys(_asked_by(kind) for kind in ALERT_KINDS)
        yield Problem(
            Code.MISSING_PARAMETER,
            "on_failure names no destination",
            f"Add {', '.join(most)} or {last}.",
            path,
        )
    for kind in kinds:
        if kind.since and target < kind.since:
            name = kind.name.upper()
            message = f"Airflow {target} has no notifier for {name}"
            yield Problem(Code.UNSUPPORTED, message, kind.until_then, path)
        for name, hint in kind.needs.items():
            if not on_failure.get(name):
                message = f"{_asked_by(kind)!r} needs {name!r}"
                yield Problem(Code.MISSING_PARAMETER, message, hint, path)


def _kinds(given: Settings) -> list[AlertKind]:
    return [
        kind
        for kind in ALERT_KINDS
        if _asked_by(kind) in given
        and all(given.get(name) in values for name, values in kind.where.items())
    ]


def _asked_by(kind: AlertKind) -> str:
    return next(iter(kind.settings))


def _given(settings: Settings) -> Settings:
    return {name: value for name, value in settings.items() if value is not None}
