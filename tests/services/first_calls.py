"""Executes the tasks of DAG files in a real Airflow, each up to the call that does its work.

Run it with the interpreter of an Airflow environment, in the root of this project:

    python -m tests.services.first_calls DAY REPORT FOLDER

Every request to AWS is stopped when botocore has checked it against its model of the API; one that
an operator makes before the one that counts gets an answer of ANSWERS. Any other HTTP request is
stopped where it would be sent. A database and a Kubernetes are recorders behind their hooks. Bash
and Python really run. REPORT becomes a JSON file, by DAG id:

    {"calls": [{"operation": "StartJobRun", "parameters": …, "region": …}], "result": …, "error": …,
     "template_fields": ["job_name", …]}
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import parse_qsl, urlsplit

from tests.services.execute import context_of, dags_of

ANSWERS: dict[str, Any] = {
    "DescribeCluster": {
        "Cluster": {"LogUri": "s3://logs/"},  # of EMR
        "cluster": {"certificateAuthority": {"data": ""}, "endpoint": "https://example.com"},  # EKS
    },
    "DescribeTaskDefinition": {"taskDefinition": {"family": "retail"}},
    "GetApplication": {"application": {"state": "STARTED"}},
    "GetCrawler": {"Crawler": {"Name": "retail"}},
    "GetRole": {
        "Role": {
            "Path": "/",
            "RoleName": "retail-glue",
            "RoleId": "AROAEXAMPLE000000",
            "Arn": "arn:aws:iam::123456789012:role/retail-glue",
            "CreateDate": "2026-11-01T00:00:00Z",
        }
    },
    "GetJob": {"Job": {"Name": "retail"}},
    "ListClusters": {"Clusters": [{"Id": "j-1", "Name": "retail-dev"}]},
    "ListTasks": {"taskArns": []},
    "UpdateJob": {"JobName": "retail"},
}
MISSING = {"DescribeProcessingJob", "DescribeTrainingJob"}
"""What an operator asks for before it makes it: there is none yet."""
VARIABLE = "dev"
"""What every Airflow variable of a row is."""
PULLED = "0f6b5b9e-8a0c-4c1e-9d8e-4f2d7a1b3c5d"
"""What every XCom of another task is."""


WAITS = {"AirflowRescheduleException", "StoppedError", "TaskDeferred"}
"""What an operator raises that has done its first call."""


class StoppedError(Exception):
    """The request that counts was reached."""


def main(day: str, report: Path, folder: Path) -> None:
    """Execute every task; write down what became of it."""
    told = {}
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        calls: list[dict[str, Any]] = []
        share_models()
        record_requests(calls)
        record_statements(calls)
        record_pods(calls)
        record_sent(calls)
        for file in sorted(folder.glob("*.py")):
            for dag in dags_of(file):
                calls.clear()
                told[dag.dag_id] = {
                    **outcome(dag, day, calls),
                    "calls": list(calls),
                    "template_fields": list(dag.get_task("t").template_fields),
                }
    report.write_text(json.dumps(told, default=as_text), encoding="utf-8")


def as_text(value: Any) -> str:
    """What JSON cannot hold, as a text."""
    return value.decode() if isinstance(value, bytes) else str(value)


def share_models() -> None:
    """Read the model of each API once. Each operator has a session of its own, which reads anew."""
    import botocore.loaders
    import botocore.session

    loader = botocore.loaders.Loader()
    botocore.session.create_loader = lambda _paths=None: loader  # type: ignore[assignment]


def record_requests(calls: list[dict[str, Any]]) -> None:
    """Let no request leave; note each, with the parameters that botocore has accepted."""
    import botocore.client
    import botocore.endpoint

    client: Any = botocore.client.BaseClient
    endpoint: Any = botocore.endpoint.Endpoint
    call = client._make_api_call
    given: list[tuple[Any, Any]] = []

    def noted(self: Any, operation: str, parameters: Any) -> Any:
        given.append((parameters, self.meta.region_name))
        return call(self, operation, parameters)

    def stopped(_self: Any, operation_model: Any, _request: Any) -> Any:
        parameters, region = given[-1]
        calls.append(
            {"operation": operation_model.name, "parameters": parameters, "region": region}
        )
        if operation_model.name in MISSING:
            error = {"Error": {"Code": "ValidationException", "Message": "not there"}}
            return MagicMock(status_code=400), {
                **error,
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
        if operation_model.name not in ANSWERS:
            raise StoppedError(operation_model.name)
        answer = {**ANSWERS[operation_model.name], "ResponseMetadata": {"HTTPStatusCode": 200}}
        return MagicMock(status_code=200), answer

    client._make_api_call = noted
    endpoint.make_request = stopped


def record_statements(calls: list[dict[str, Any]]) -> None:
    """Put a recorder in the place of every database."""
    from airflow.providers.amazon.aws.hooks.redshift_sql import RedshiftSQLHook
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    def connection(hook: Any) -> MagicMock:
        def execute(sql: str, parameters: Any = None) -> None:
            given = [sql, parameters, getattr(hook, "database", None)]
            calls.append({"operation": "execute", "parameters": given, "region": None})

        recorder = MagicMock()
        cursor = recorder.cursor.return_value
        cursor.execute, cursor.description, cursor.rowcount = execute, None, 1
        return recorder

    RedshiftSQLHook.get_conn = connection
    PostgresHook.get_conn = connection


def record_pods(calls: list[dict[str, Any]]) -> None:
    """Put a recorder in the place of every Kubernetes."""
    from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
    from kubernetes.client import ApiClient

    def create(body: Any, namespace: str, **_: Any) -> None:
        calls.append({"operation": "create pod", "parameters": [namespace, body], "region": None})
        raise StoppedError(namespace)

    def client(hook: Any) -> ApiClient:
        hook._is_in_cluster = False
        return ApiClient()

    recorder = MagicMock(api_client=ApiClient(), create_namespaced_pod=create)
    recorder.list_namespaced_pod.return_value.items = []
    KubernetesHook.core_v1_client, KubernetesHook.get_conn = recorder, client


def record_sent(calls: list[dict[str, Any]]) -> None:
    """Let no other HTTP request leave; note each, in the parts that a row may give."""
    import requests

    def stopped(_self: Any, request: Any, **_: Any) -> Any:
        address, body = urlsplit(request.url), as_text(request.body or "")
        fields = [*parse_qsl(address.query), *parse_qsl(body)]
        headers = dict(request.headers)
        parameters = [request.method, address.path.lstrip("/"), dict(fields), body, headers]
        calls.append({"operation": "send", "parameters": parameters, "region": None})
        raise StoppedError(request.url)

    session: Any = requests.Session
    session.send = stopped


class Looks:
    """Airflow's answers about other runs: each question is noted, and none answered."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        self.calls = calls

    def asked(self, **question: Any) -> Any:
        """Note what is asked."""
        self.calls.append({"operation": "look", "parameters": question, "region": None})
        raise StoppedError(question)

    def asked_in_2(self, dates: Any, task_ids: Any, group: Any, dag_id: Any, *_: Any) -> Any:
        """Note what Airflow 2 would look for in its database."""
        self.asked(dag_id=dag_id, task_ids=task_ids, task_group_id=group, logical_dates=dates)


def outcome(dag: Any, day: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of the task `t` of a DAG."""
    task = dag.get_task("t").prepare_for_execution()
    context = context_of(dag, task, day, _Anything())
    context["ti"].key = SimpleNamespace(primary=(dag.dag_id, task.task_id, "test", -1))
    looks = Looks(calls)
    for name in ("get_dr_count", "get_ti_count", "get_task_states"):
        setattr(context["ti"], name, looks.asked)
    if sensors := sys.modules.get("airflow.sensors.external_task"):
        sensors._get_count = looks.asked_in_2  # type: ignore[attr-defined]
    context["var"], context["conn"] = {"value": _Anything(VARIABLE)}, MagicMock()
    try:
        task.render_template_fields(context)
        # One that is to look again later asks Airflow's database first when it began.
        looks_again = getattr(task, "reschedule", False)
        result = task.poke(context) if looks_again else task.execute(context)
    except BaseException as error:  # noqa: BLE001 - it is what is told; Airflow's are no Exceptions
        # An operator may have put an error of its own in the place of that.
        if {type(error).__name__, type(error.__context__).__name__} & WAITS:
            return {"error": None, "result": None}
        return {"error": f"{type(error).__name__}: {error}", "result": None}
    return {"error": None, "result": result}


class _Anything(dict[Any, Any]):
    """Has the same value under every key."""

    def __init__(self, value: str = PULLED) -> None:
        super().__init__()
        self.value = value

    def get(self, _key: Any, _default: Any = None) -> str:
        return self.value

    def __missing__(self, _key: Any) -> str:
        return self.value


if __name__ == "__main__":
    main(sys.argv[1], *(Path(argument) for argument in sys.argv[2:]))
