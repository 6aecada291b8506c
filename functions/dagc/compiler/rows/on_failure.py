"""The setting `on_failure`: where the failures of a DAG, a task or a trigger are reported. And the
settings beside it, of other events: they take the same.

A new kind of alert is an entry of `ALERT_KINDS`, and the functions `send_<name>` and
`notify_<name>` in `dag_templates/alerts/`, which take the kind's settings as arguments.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.schema.checks import Schema
from dagc.compiler.targets import Target


class AlertKind(NamedTuple):
    """A way to report a failure. The first of its `settings` asks for it."""

    name: str
    settings: Schema
    """By name, as parameter schemas: what `on_failure` may hold for it."""
    needs: Mapping[str, str] = {}
    """The settings that it needs beside the first one, each with a hint."""
    where: Mapping[str, tuple[str | None, ...]] = {}
    """The values of other settings (None: not given) that the first one asks for it with."""
    since: Target | None = None
    """The first target whose providers, in the image of Amazon MWAA, have its notifier."""
    until_then: str = ""
    """A hint for the targets before `since`."""


_CONNECTION = {"type": ["string", "null"], "pattern": r"[A-Za-z0-9_.:/#!()-]{1,200}"}
_TEMPLATED = {"type": ["string", "null"], "templated": True, "maxLength": 2048, "minLength": 1}
_AWS = {
    "aws_conn_id": {
        "description": "The connection for SNS and SES; aws_default unless set.",
        **_CONNECTION,
    },
}
_EMAIL: Schema = {
    "email_to": {
        "description": "Who gets an e-mail.",
        "type": ["array", "null"],
        "items": {**_TEMPLATED, "type": "string", "format": "email"},
        "minItems": 1,
        "maxItems": 50,
    },
    "email_from": {
        "description": "Its sender; needed with `email_to`.",
        **_TEMPLATED,
        "format": "email",
    },
}
_EMAIL_NEEDS = {
    "email_from": "Add the sender's address; Airflow 2 does not find it in the connection.",
}

OWN_FUNCTION = "callable"
"""The kind that calls a function of the team's own, rather than one of the alert modules."""

ALERT_KINDS = (
    AlertKind(
        "sns",
        {
            "sns_topic_arn": {
                "description": "The topic that is published to.",
                **_TEMPLATED,
                "format": "sns-topic",
            },
            **_AWS,
        },
    ),
    AlertKind(
        "slack_webhook",
        {
            "slack_webhook_conn_id": {
                "description": "The connection of a Slack webhook.",
                **_CONNECTION,
            },
        },
    ),
    AlertKind(
        "slack",
        {
            "slack_channel": {
                "description": "The channel that Slack's API posts to.",
                **_TEMPLATED,
            },
            "slack_conn_id": {
                "description": "The connection of Slack's API; slack_api_default unless set.",
                **_CONNECTION,
            },
        },
    ),
    AlertKind(
        "smtp",
        {
            **_EMAIL,
            "smtp_conn_id": {
                "description": "The connection of the SMTP server; smtp_default unless set.",
                **_CONNECTION,
            },
        },
        needs=_EMAIL_NEEDS,
        where={"email_through": (None, "smtp")},
    ),
    AlertKind(
        "ses",
        {**_EMAIL, **_AWS},
        needs=_EMAIL_NEEDS,
        where={"email_through": ("ses",)},
        since=Target(3, 1),
        until_then="Leave email_through out, and let smtp_conn_id name SES's SMTP endpoint.",
    ),
    AlertKind(
        OWN_FUNCTION,
        {
            "callable": {
                "description": "A function of your own, called with Airflow's context; it must "
                "stand in [`callbacks`](alerts.md#functions-of-your-own) of `defaults.yaml`.",
                "type": ["string", "null"],
                "format": "callable",
            },
        },
    ),
)

_EMAIL_THROUGH: Mapping[str, Any] = {
    "email_through": {
        "description": "smtp unless set. SES itself from Airflow 3.1 on; its SMTP endpoint in all.",
        "type": ["string", "null"],
        "enum": ["smtp", "ses"],
    },
}

ON_FAILURE: Schema = {
    name: schema
    for settings in (*(kind.settings for kind in ALERT_KINDS), _EMAIL_THROUGH)
    for name, schema in settings.items()
}
"""All that `on_failure` may hold."""

FAILURE = "failure"
EVENTS: Mapping[str, str] = {
    "on_failure": FAILURE,
    "on_success": "success",
    "on_retry": "retry",
    "on_skipped": "skipped",
}
"""By setting, what it reports; each may hold what `on_failure` may."""
