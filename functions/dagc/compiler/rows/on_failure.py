"""The setting `on_failure`: where the failures of a DAG, a task or a trigger are told."""

from collections.abc import Mapping
from typing import Any

_CONNECTION = {"type": ["string", "null"], "pattern": r"[A-Za-z0-9_.:/#!()-]{1,200}"}
_TEMPLATED = {"type": ["string", "null"], "templated": True, "maxLength": 2048, "minLength": 1}

ON_FAILURE: Mapping[str, Any] = {
    "sns_topic_arn": {
        "description": "The topic that is published to.",
        **_TEMPLATED,
        "format": "sns-topic",
    },
    "slack_webhook_conn_id": {
        "description": "The connection of a Slack webhook.",
        **_CONNECTION,
    },
    "slack_channel": {"description": "The channel that Slack's API posts to.", **_TEMPLATED},
    "slack_conn_id": {
        "description": "The connection of Slack's API; slack_api_default unless set.",
        **_CONNECTION,
    },
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
    "email_through": {
        "description": "smtp unless set. SES itself from Airflow 3.1 on; its SMTP endpoint in all.",
        "type": ["string", "null"],
        "enum": ["smtp", "ses"],
    },
    "smtp_conn_id": {
        "description": "The connection of the SMTP server; smtp_default unless set.",
        **_CONNECTION,
    },
    "aws_conn_id": {
        "description": "The connection for SNS and SES; aws_default unless set.",
        **_CONNECTION,
    },
}
