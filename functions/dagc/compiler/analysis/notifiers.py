"""Where the failures of a DAG, a task or a trigger are told: `on_failure`, read as notifiers."""

from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.models import Notifier, Settings
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, RowKey
from dagc.compiler.rows.keys import JOB, SCHEDULER
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.schema.layers import merged
from dagc.compiler.targets import Target

SETTING = "on_failure"

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "sns": ("sns_topic_arn", "aws_conn_id"),
    "slack_webhook": ("slack_webhook_conn_id",),
    "slack": ("slack_channel", "slack_conn_id"),
    "smtp": ("email_to", "email_from", "smtp_conn_id"),
    "ses": ("email_to", "email_from", "aws_conn_id"),
}
"""What each kind of notifier takes of `on_failure`; the first one calls for it."""
KINDS = tuple(_SETTINGS)

_ATTRIBUTES = {
    JOB: ("job_params", "job_task_configs"),
    SCHEDULER: ("schedule_params", "schedule_job_configs"),
}
"""Where a row says it for itself, and where for its members."""

_SES = Target(3, 1)
"""The first target whose amazon provider, in the image of Amazon MWAA, has a notifier for SES."""


def overlaid(inherited: Settings, own: Settings) -> Settings:
    """The `on_failure` that holds where `own` settings are laid over what is `inherited`."""
    both = merged({SETTING: inherited}, {k: v for k, v in own.items() if k == SETTING})
    given = both.get(SETTING)
    return given if isinstance(given, Mapping) else {}


def notifiers(on_failure: Settings) -> tuple[Notifier, ...]:
    """Whom `on_failure` names, each with what its template prints."""
    given = {name: value for name, value in on_failure.items() if value is not None}
    unwanted = "smtp" if given.get("email_through") == "ses" else "ses"
    return tuple(
        Notifier(
            kind, {name: given[name] for name in names if name in given} | _region(kind, given)
        )
        for kind, names in _SETTINGS.items()
        if names[0] in given and kind != unwanted
    )


def alert_diagnostics(
    row: RowKey,
    on_failure: Settings,
    params: Settings,
    configs: Mapping[str, MemberConfig],
    target: Target,
) -> list[Diagnostic]:
    """What is wrong with where the failures of the DAG of `row` are told, and of its members."""
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
    """What is wrong with `on_failure`, to which `own` settings contribute at `path`."""
    found = notifiers(on_failure)
    given = own.get(SETTING)
    given = given if isinstance(given, dict) else {}
    path = (*path, SETTING) if given else ()
    if not found and any(value is not None for value in given.values()):
        yield Problem(
            Code.MISSING_PARAMETER,
            "on_failure names nobody to tell",
            "Add sns_topic_arn, slack_webhook_conn_id, slack_channel or email_to.",
            path,
        )
    kinds = {notifier.kind for notifier in found}
    if "ses" in kinds and target < _SES:
        yield Problem(
            Code.UNSUPPORTED,
            f"Airflow {target} has no notifier for SES",
            "Leave email_through out, and let smtp_conn_id name SES's SMTP endpoint.",
            path,
        )
    if kinds & {"smtp", "ses"} and not on_failure.get("email_from"):
        yield Problem(
            Code.MISSING_PARAMETER,
            "an e-mail needs 'email_from'",
            "Add the sender's address; Airflow 2 does not find it in the connection.",
            path,
        )


def _region(kind: str, given: Settings) -> dict[str, Any]:
    """The region of a topic: SNS refuses a topic of another one than the client's."""
    arn = given["sns_topic_arn"] if kind == "sns" else "{{"
    return {} if "{{" in arn else {"region_name": arn.split(":")[3]}
