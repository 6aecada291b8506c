"""The settings that report what is late, and leave it running: `deadline` of a run, which Airflow
has from 3.1 on, and `sla` of a trigger, which Airflow 2 has.
"""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.schema.checks import Schema

_LENGTH = {"type": ["integer", "number", "string"], "format": "length"}
_ADDRESS: Mapping[str, Any] = {"type": "string", "format": "email", "verbatim": True}
_ADDRESSES = {"items": _ADDRESS, "minItems": 1, "maxItems": 50}

REFERENCES: Mapping[str, str] = {
    "queued_at": "DAGRUN_QUEUED_AT",
    "logical_date": "DAGRUN_LOGICAL_DATE",
    "average_runtime": "AVERAGE_RUNTIME",
}
"""What a deadline is counted from, by its name in rows: the name that `DeadlineReference` has."""

DEADLINE: Schema = {
    "interval": {"description": "How long after its reference a run is late.", **_LENGTH},
    "reference": {
        "description": "What it is counted from: queued_at, when the run was made, unless set; "
        "its logical_date; or average_runtime, when it would end if it took as long as the last "
        "ten.",
        "type": "string",
        "enum": [*REFERENCES],
    },
    "callable": {
        "description": "An async function of your own; it must stand in "
        "[`callbacks`](alerts.md#functions-of-your-own) of `defaults.yaml`.",
        "type": ["string", "null"],
        "format": "callable",
    },
    "email_to": {"description": "Who gets an e-mail.", "type": ["array", "null"], **_ADDRESSES},
    "email_from": {
        "description": "Its sender; needed with `email_to`.",
        **_ADDRESS,
        "type": ["string", "null"],
    },
    "smtp_conn_id": {
        "description": "The connection of the SMTP server; smtp_default unless set.",
        "type": ["string", "null"],
        "pattern": r"[A-Za-z0-9_.:/#!()-]{1,200}",
    },
}
"""All that `deadline` may hold."""

SLA: Schema = {
    "interval": {
        "description": "How long after the start of the scheduler's run it is late.",
        **_LENGTH,
    },
    "email_to": {"description": "Who gets an e-mail.", "type": "array", **_ADDRESSES},
}
"""All that `sla` may hold."""
