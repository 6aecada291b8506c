"""What reports late runs in a file: `DeadlineAlert(…)` of a DAG, the arguments of a trigger with an
SLA.

A deadline calls what it names by its path, in Airflow's triggerer: nothing of the file itself.
"""

from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.python_source.nodes import Call, NodeDict, RawSource
from dagc.compiler.rendering.dag_file import DagFile
from dagc.compiler.rows.lateness import REFERENCES
from dagc.compiler.targets import Target

_NOTIFIER = "airflow.providers.smtp.notifications.smtp.SmtpNotifier"
_SUBJECT = "is late: {{ dag_run.dag_run_id }}"
_TEXT = "Not ended by {{ deadline.deadline_time }}."
"""Airflow knows little there: of the run what its API tells, of the deadline the time."""


def deadline_call(file: DagFile, dag_id: str, deadline: Settings, target: Target) -> Call:
    """The argument `deadline` of the DAG with this id."""
    module = "airflow.sdk" if target >= (3, 2) else "airflow.sdk.definitions.deadline"
    alert, callback, references = (
        file.imported(module, name).text
        for name in ("DeadlineAlert", "AsyncCallback", "DeadlineReference")
    )
    reference = f"{references}.{REFERENCES[deadline.get('reference', 'queued_at')]}"
    arguments = {
        "reference": Call(reference) if "AVERAGE" in reference else RawSource(reference),
        "interval": deadline["interval"],
        "callback": _callback(callback, dag_id, deadline),
    }
    return Call(alert, (), arguments)


def _callback(name: str, dag_id: str, deadline: Settings) -> Call:
    if function := deadline.get("callable"):
        return Call(name, (function.replace(":", "."),))
    message = {
        "to": deadline["email_to"],
        "from_email": deadline["email_from"],
        "subject": f"{dag_id} {_SUBJECT}",
        "html_content": _TEXT,
    }
    if connection := deadline.get("smtp_conn_id"):
        message["smtp_conn_id"] = connection
    return Call(name, (_NOTIFIER,), {"kwargs": NodeDict(message)})


def sla_arguments(sla: Settings) -> dict[str, Any]:
    """The arguments of a trigger with this `sla`: an e-mail is for nothing else."""
    arguments: dict[str, Any] = {"sla": sla["interval"]}
    if addresses := sla.get("email_to"):
        arguments |= {"email": addresses, "email_on_failure": False, "email_on_retry": False}
    return arguments
