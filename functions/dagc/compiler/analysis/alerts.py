"""Reads `on_failure`, which says where the failures of a DAG, a task or a trigger are reported, and
`on_success`, `on_retry` and `on_skipped`, which say the same of other events.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dagc.compiler.analysis.models import Alert, AlertsBySetting, Settings
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, RowKey, slip
from dagc.compiler.rows.keys import JOB, SCHEDULER
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.on_failure import ALERT_KINDS, EVENTS, OWN_FUNCTION, AlertKind
from dagc.compiler.schema.layers import merged
from dagc.compiler.targets import Target

_OF_RUNS = "on_success"
"""What a DAG says of its run alone: no member takes it over."""

_ATTRIBUTES = {
    JOB: ("job_params", "job_task_configs"),
    SCHEDULER: ("schedule_params", "schedule_job_configs"),
}
"""Where a row says it for itself, and where for its members."""


_SIMILAR = 0.8


class AlertRules(NamedTuple):
    """What alerts are checked by: the Airflow, and the functions of the team's own that rows may
    name (`callbacks` of the defaults).
    """

    target: Target
    callbacks: Sequence[str]


Reports = Mapping[str, Settings]
"""By setting, where its event is reported."""


def reports(defaults: Settings, own: Settings) -> Reports:
    """Returns what holds of a DAG whose `own` settings are over the deployment's `defaults`."""
    return {setting: overlaid(defaults.get(setting) or {}, own, setting) for setting in EVENTS}


def taken_over(reports: Reports) -> Reports:
    """Returns what the members of a DAG take over of its `reports`."""
    return {setting: report for setting, report in reports.items() if setting != _OF_RUNS}


def overlaid(inherited: Settings, own: Settings, setting: str) -> Settings:
    """Returns the `setting` that holds where `own` settings are over what is `inherited`."""
    if not inherited and setting not in own:
        return {}
    both = merged({setting: inherited}, {k: v for k, v in own.items() if k == setting})
    given = both.get(setting)
    return given if isinstance(given, Mapping) else {}


def alerts(reports: Reports) -> AlertsBySetting:
    """Returns the alerts that `reports` ask for."""
    return {setting: _alerts(report, EVENTS[setting]) for setting, report in reports.items()}


def member_alerts(inherited: Reports, own: Settings) -> AlertsBySetting:
    """Returns those that a member of a DAG has by its `own` settings, over what it has `inherited`
    (`taken_over`).
    """
    if EVENTS.keys().isdisjoint(own):
        return {}
    return alerts(
        {
            setting: overlaid(inherited.get(setting, {}), own, setting)
            for setting in EVENTS
            if setting in own
        }
    )


def _alerts(report: Settings, event: str) -> tuple[Alert, ...]:
    """Returns the alerts that one setting asks for, each with the settings of its kind that are
    given.
    """
    given = _given(report)
    return tuple(
        Alert(kind.name, {name: given[name] for name in kind.settings if name in given}, event)
        for kind in _kinds(given)
    )


def alert_diagnostics(
    row: RowKey,
    reports: Reports,
    params: Settings,
    configs: Mapping[str, MemberConfig],
    rules: AlertRules,
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the `reports` of the DAG of `row`, to which its `params`
    contribute, and with those of its members.
    """
    names = _ATTRIBUTES[row.table]
    inherited = taken_over(reports)
    for setting, report in reports.items():
        found = _problems(setting, report, params, (), rules)
        yield from (problem.at(row, names[0]) for problem in found)
        for path, settings in configs.values():
            if setting in settings:
                report_of_member = overlaid(inherited.get(setting, {}), settings, setting)
                found = _problems(setting, report_of_member, settings, path, rules)
                yield from (problem.at(row, names[1]) for problem in found)


def _problems(
    setting: str, report: Settings, own: Settings, path: JsonPath, rules: AlertRules
) -> Iterator[Problem]:
    """Returns what is wrong with what `setting` says, to which `own` settings contribute at
    `path`.
    """
    kinds = _kinds(_given(report))
    own_report = own.get(setting)
    own_report = own_report if isinstance(own_report, dict) else {}
    path = (*path, setting) if own_report else ()
    if not kinds and _given(own_report):
        *most, last = dict.fromkeys(_asked_by(kind) for kind in ALERT_KINDS)
        yield Problem(
            Code.MISSING_PARAMETER,
            f"{setting} names no destination",
            f"Add {', '.join(most)} or {last}.",
            path,
        )
    for kind in kinds:
        if kind.since and rules.target < kind.since:
            name = kind.name.upper()
            message = f"Airflow {rules.target} has no notifier for {name}"
            yield Problem(Code.UNSUPPORTED, message, kind.until_then, path)
        if kind.name == OWN_FUNCTION and report[OWN_FUNCTION] not in rules.callbacks:
            yield unapproved(report[OWN_FUNCTION], rules.callbacks, (*path, OWN_FUNCTION))
        for name, hint in kind.needs.items():
            if not report.get(name):
                message = f"{_asked_by(kind)!r} needs {name!r}"
                yield Problem(Code.MISSING_PARAMETER, message, hint, path)


def unapproved(function: str, approved: Sequence[str], path: JsonPath) -> Problem:
    """Returns the problem of a `function` that is not among those that are `approved`."""
    hint = f"If it may be called, add it to callbacks in defaults.yaml: {function}."
    problem = Problem(Code.BAD_VALUE, f"{function!r} is not among the callbacks", hint, path)
    near = slip(function, approved, _SIMILAR)
    return problem.proposing(near) if near else problem


def _kinds(given: Settings) -> list[AlertKind]:
    if not given:
        return []
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
