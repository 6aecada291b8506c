"""Calls the real operators with every example of the docs, and with every parameter of every type.

    python -m tests.services.call_examples [TARGET [PYTHON]]

It says what is wrong: a request that botocore refuses, an argument that an operator has not, a
value of the row that no request holds. PYTHON is that of an Airflow of the TARGET. Without it, one
is installed for the while where the tests have none; and without TARGET, all targets are tried.
"""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple

import jinja2
import yaml

from dagc.compiler import Code, Dag, compile_rows, load_toolchain, read_rows
from dagc.compiler.targets import TARGETS, Target, find_target
from dagc.compiler.toolchain import Toolchain
from docs.api_shapes import LATER
from tests.airflow.installed import airflow_of
from tests.golden.case import FOLDER as GOLDEN
from tests.golden.case import read_case
from tests.golden.proposals import steps_of
from tests.services.first_calls import PULLED, VARIABLE

ROOT = Path(__file__).parents[2]
DAY = "2026-11-01"
REGION = "eu-west-1"
PARAMS = {"regions": ["eu", "us"]}
EARLIER = {
    "task_name": "earlier",
    "task_type": "EMR-CLUSTER",
    "task_params": {"job_flow_overrides": {"Name": "retail", "Instances": {}}},
}
"""The task that creates the cluster of a task."""
OPERATIONS = {
    "ATHENA-SQL": {"StartQueryExecution"},
    "BASH": set[str](),
    "BATCH": {"SubmitJob"},
    "DBT": set[str](),
    "ECS": {"RunTask"},
    "EMPTY": set[str](),
    "EMR-CLUSTER": {"RunJobFlow"},
    "EMR-CLUSTER-END": {"TerminateJobFlows"},
    "EMR-STEP": {"AddJobFlowSteps"},
    "EXTERNAL-TASK": {"look"},
    "GLUE-CRAWLER": {"StartCrawler"},
    "GLUE-JOB": {"StartJobRun"},
    "HTTP": {"send"},
    "KUBERNETES-POD": {"create pod"},
    "LAMBDA": {"Invoke"},
    "PYTHON": set[str](),
    "REDSHIFT-SQL": {"ExecuteStatement", "BatchExecuteStatement", "execute"},
    "S3-COPY": {"CopyObject"},
    "S3-DELETE": {"DeleteObjects", "ListObjectsV2"},
    "S3-SENSOR": {"HeadObject", "ListObjectsV2"},
    "SAGEMAKER-PROCESSING": {"CreateProcessingJob"},
    "SAGEMAKER-TRAINING": {"CreateTrainingJob"},
    "SNS": {"Publish"},
    "SPARK": {"StartJobRun"},
    "SQL": {"execute"},
    "SQL-CHECK": {"execute"},
    "STEP-FUNCTION": {"StartExecution"},
    "STEP-FUNCTION-SENSOR": {"DescribeExecution"},
}
"""What a task of the type does outside."""
INSIDE_FIELDS = {
    "checks", "column_mapping", "crawler_name", "entry_point", "entry_point_arguments", "exclude",
    "executable", "json", "profile", "profiles_dir", "project_dir", "select", "selector",
    "spark_submit_parameters", "state_machine_input", "target", "vars",
}  # fmt: skip
"""Parameters that the template puts into an argument that Airflow renders, or whose attribute has
another name.
"""
DECLARED: dict[str, Any] = {
    declared["type"]: declared
    for path in sorted((ROOT / "dag_templates" / "tasks").glob("*.yaml"))
    for declared in [yaml.safe_load(path.read_text("utf-8"))]
}
UNCALLED = {
    kind
    for kind, declared in DECLARED.items()
    if declared.get("skips") or declared.get("any_operator")
}
"""Types whose task needs others that follow it; and that of any operator, which
`tests/airflow/test_operator_rows.py` makes of each that there is.
"""
UNSENT = {
    "accept_none", "action_if_job_exists", "allowed_states", "append_env", "autocommit",
    "aws_conn_id", "awslogs_enabled", "awslogs_fetch_interval", "awslogs_group", "awslogs_region",
    "awslogs_stream_prefix", "bash_command", "botocore_config", "callable", "cancel_on_kill",
    "check_if_job_exists", "check_interval", "cluster_context", "cluster_task", "config_file",
    "conn_id", "container_name", "cwd", "deps", "do_xcom_push", "durable", "emr_conn_id",
    "enable_application_ui_links", "env", "executable", "execution_delta",
    "exponential_backoff", "extra_options", "fail_fast", "fail_on_already_running",
    "failed_states", "from_datetime", "full_refresh", "get_logs", "hook_params", "http_conn_id",
    "job_flow_name", "job_poll_interval", "keep_empty_log_lines", "kubernetes_conn_id",
    "log_events_on_failure", "log_query", "log_response", "logging_interval", "max_attempts",
    "max_ingestion_time", "max_polling_attempts", "max_retries", "max_wait", "metadata_keys",
    "multiple_outputs", "never_fail", "number_logs_exception", "on_finish_action",
    "output_encoding", "output_files_to_xcom", "pass_value", "poke_interval", "poll_interval",
    "print_log", "project_dir", "query_execution_context", "quota_retry", "reattach",
    "reattach_on_restart", "region_name",
    "requires_result_fetch", "retry_on_failure", "return_last", "return_sql_result", "s3_bucket",
    "show_return_value_in_logs", "silent_fail", "skip_on_exit_code", "skipped_states",
    "sleep_before_return", "sleep_time", "soft_fail", "split_statements", "startup_timeout_seconds",
    "status_retries", "stop_job_run_on_kill", "stop_task_on_failure", "termination_grace_period",
    "timeout", "to_datetime", "tolerance", "update_config", "use_regex", "verbose",
    "wait_for_completion", "waiter_delay", "waiter_max_attempts", "wildcard_match",
}  # fmt: skip
"""Parameters that say how a task works here, and that no request holds."""


class Call(NamedTuple):
    """A row's type and parameters, as far as the target has them, and the DAG that runs it alone.

    `dropped` are the paths of what the target has not.
    """

    name: str
    type: str
    params: dict[str, Any]
    dropped: tuple[str, ...]
    dag: Dag


def calls(target: Target) -> Iterator[Call]:
    """A call for each example of the docs, and for each task of the golden cases of types."""
    toolchain, diagnostics = load_toolchain(target, "")
    assert toolchain is not None, diagnostics
    for kind, declared in DECLARED.items():
        if kind in UNCALLED:
            continue
        for index, example in enumerate(declared["params"]["examples"]):
            name = f"example-{kind}-{index}"
            call = _call(name, kind, example, toolchain)
            assert call is not None, name
            assert not call.dropped, f"{name}: {call.dropped}"
            yield call
    for folder in [*sorted(GOLDEN.glob("type-*")), GOLDEN / "nulls"]:
        toolchain, diagnostics = load_toolchain(target, "", GOLDEN / "team")
        assert toolchain is not None, diagnostics
        for task in read_case(folder).tables["mwaa_task"]:
            if _declared_name(task["task_type"]) in UNCALLED:
                continue
            name = f"{folder.name}-{task['task_name']}"
            if call := _call(name, task["task_type"], task.get("task_params", {}), toolchain):
                yield call


def mistakes(target: Target, python: Path) -> list[str]:
    """What is wrong in the Airflow of `python`, in words."""
    made = list(calls(target))
    with TemporaryDirectory() as name:
        told = _told(made, Path(name), python)
    wrong = [f"{call.name}: {what}" for call in made if (what := _wrong(call, told))]
    wrong += [f"{call.name}: {what}" for call in made for what in _wrongly_templated(call, told)]
    return wrong + [f"{member}: not in the boto3" for member in _unknown_members(target, python)]


def _wrongly_templated(call: Call, told: Mapping[str, Any]) -> Iterator[str]:
    """Parameters that Airflow renders though their type denies it, or the other way round."""
    fields = {*told[call.dag.dag_id]["template_fields"], *INSIDE_FIELDS}
    properties = DECLARED[call.type]["params"]["properties"]
    for name in (name for name, value in call.params.items() if value is not None):
        if properties[name].get("templated") and name not in fields:
            yield f"Airflow does not render {name}"
        if properties[name].get("verbatim") and name in fields:
            yield f"Airflow renders {name}"


def _unknown_members(target: Target, python: Path) -> set[str]:
    """The members of `api_shapes.json` that a row may have and the boto3 of `python` has not."""
    command: list[str | Path] = [python, "-m", "tests.services.api_members"]
    report = subprocess.check_output(command, cwd=ROOT, text=True)
    return {
        member
        for member in json.loads(report)
        if (since := LATER.get(member)) is None or not target < Target(*map(int, since.split(".")))
    }


def _call(name: str, kind: str, params: Mapping[str, Any], toolchain: Toolchain) -> Call | None:
    """The call; None where the target has not what the task needs."""
    given = dict(copy.deepcopy(params))
    dropped: list[str] = []
    while True:
        tasks = [{"task_id": "t", "task_name": "t", "task_type": kind, "task_params": given}]
        job: dict[str, Any] = {"job_type": "t", "job_id": "1", "job_name": name, "task_list": "t"}
        job |= {"job_params": json.dumps({"params": PARAMS})}
        if earlier := given.get("cluster_task"):
            tasks.append({"task_id": earlier, **EARLIER})
            job["job_task_dependencies"] = [{"task_id": "t", "pid": earlier}]
        [dag] = compile_rows(read_rows(tasks, [job], [], toolchain), toolchain)
        later = [found.path for found in dag.diagnostics if found.code is Code.UNSUPPORTED]
        if not later:
            if dropped and {it.code for it in dag.diagnostics} == {Code.MISSING_PARAMETER}:
                return None
            assert dag.text is not None, dag.diagnostics
            return Call(name, _declared_name(kind), given, tuple(dropped), dag)
        _drop(given, later[0])
        dropped.append(later[0])


def _declared_name(kind: str) -> str:
    """A task type as its declaration writes it."""
    return kind.replace("_", "-").upper()


def _drop(params: Any, path: str) -> None:
    *steps, last = steps_of(path)
    for step in steps:
        params = params[step]
    del params[last]


def _told(made: list[Call], folder: Path, python: Path) -> dict[str, Any]:
    """What became of each DAG in a real Airflow."""
    dags, report = folder / "dags", folder / "report.json"
    dags.mkdir()
    for call in made:
        assert call.dag.text is not None
        (dags / call.dag.file_name).write_text(call.dag.text, "utf-8")
    _write_programs(folder / "bin")
    _write_functions(folder / "modules", made)
    names = {call.params[key] for call in made for key in call.params if key.endswith("conn_id")}
    connections = {f"AIRFLOW_CONN_{name.upper()}": _connection_to(name) for name in names if name}
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}:{folder / 'modules'}",
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "AIRFLOW_CONN_HTTP_DEFAULT": "http://example.com",
        **connections,
    }
    command: list[str | Path] = [
        python,
        "-Wignore",
        "-m",
        "tests.services.first_calls",
        DAY,
        report,
        dags,
    ]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def _connection_to(name: str) -> str:
    """The URI of a connection called `name`: to AWS, to an API or to a database."""
    if name.startswith("aws"):
        return "aws://"
    return "http://example.com" if name.endswith("_api") else "postgres://"


def _write_programs(folder: Path) -> None:
    """Programs of the names that the examples call: they print what they are given."""
    folder.mkdir()
    for name in ("aws", "cp", "dbt"):
        (folder / name).write_text('#!/bin/sh\necho "$0 $* $PROJECT"\n', "utf-8")
        (folder / name).chmod(0o755)


def _write_functions(folder: Path, made: list[Call]) -> None:
    """The functions that the rows name: they return what they are given."""
    for call in made:
        if call.type == "PYTHON":
            module, name = call.params["callable"].split(":")
            file = (folder / module.replace(".", "/") / "__init__.py").resolve()
            for package in (file.parent, *file.parent.parents):
                if package == folder.resolve():
                    break
                package.mkdir(parents=True, exist_ok=True)
                (package / "__init__.py").touch()
            with file.open("a", encoding="utf-8") as text:
                names = ", ".join(f"{key}=None" for key in call.params.get("op_kwargs", ()))
                text.write(f"def {name}({names}):\n    return locals()\n")


def _wrong(call: Call, told: Mapping[str, Any]) -> str:
    """What is wrong with what became of a call; nothing if all is well."""
    found = told[call.dag.dag_id]
    if found["error"]:
        # Bash did run: a program that is not on this machine, or to a failure that is meant.
        if str(found["error"]).endswith(("exit code 127.", "exit code 99.")):
            return ""
        # The recorder in the place of a database has no rows.
        if "query returned zero rows" not in found["error"]:
            return str(found["error"])
    reached = {request["operation"]: request["region"] for request in found["calls"]}
    if operations := OPERATIONS[call.type]:
        if not operations & reached.keys():
            return f"reached {list(reached)}"
        wanted = {call.params.get("region_name", REGION), "aws-global", None}
        if not wanted.issuperset(reached.values()):
            return f"in the regions {list(reached.values())}"
    sent = set(_leaves([found["calls"], found["result"]]))
    unsent = set(_leaves(_rendered(_sent(call)))) - sent
    if call.type in ("DBT", "SQL-CHECK"):  # they are put together to one command, or query
        unsent = {text for text in unsent if not any(text in whole for whole in sent)}
    return f"nothing holds {sorted(unsent)}: {found}" if unsent else ""


def _sent(call: Call) -> list[Any]:
    """What a request must hold, or, where there is none, the result."""
    params = call.params
    if call.type == "S3-SENSOR":
        key = params["bucket_key"]
        key = key if isinstance(key, str) else key[0]
        bucket, _, rest = key.partition("://")[2].partition("/")
        where = [bucket, rest] if bucket else [params["bucket_name"], key]
        return [part.partition("*")[0] for part in where]
    if call.type == "SQL-CHECK":
        params = _without_numbers(params)
    if call.type == "KUBERNETES-POD":  # Airflow adds to the name
        params = {key: value for key, value in params.items() if key != "name"}
    if call.type == "S3-COPY":
        params = _copy(params)
    sent = [
        value for name, value in params.items() if name not in UNSENT and value not in ("", None)
    ]
    if params.get("split_statements"):
        sent += [f"{statement.strip()};" for statement in sent.pop(0).split(";")[:-1]]
    return [text.rstrip() if isinstance(text, str) else text for text in sent]


def _without_numbers(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a check, with those of its columns that the query holds: what a number is
    compared with is seen afterwards.
    """
    columns = {
        column: {name: check.get("partition_clause", "") for name, check in checks.items()}
        for column, checks in params.get("column_mapping", {}).items()
    }
    statements = {
        name: [check["check_statement"], check.get("partition_clause", "")]
        for name, check in params.get("checks", {}).items()
    }
    return {**params, "column_mapping": columns, "checks": statements}


def _copy(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an S3-COPY as a request holds them: its source is one text."""
    others = dict(params)
    key, version = others.pop("source_bucket_key"), others.pop("source_version_id", None)
    source = f"{others.pop('source_bucket_name', '')}/{key}" if "://" not in key else key[5:]
    bucket, _, copy = others["dest_bucket_key"].removeprefix("s3://").partition("/")
    whole = {"dest_bucket_key": copy, "dest_bucket_name": bucket}
    others |= whole if others["dest_bucket_key"].startswith("s3://") else {}
    return {**others, "source": source + (f"?versionId={version}" if version else "")}


def _rendered(value: Any) -> Any:
    """The value as Airflow renders it."""
    if isinstance(value, dict):
        return {key: _rendered(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rendered(entry) for entry in value]
    if not isinstance(value, str):
        return value
    values = {"ds": DAY, "ds_nodash": DAY.replace("-", ""), "run_id": "test", "params": PARAMS}
    variables = SimpleNamespace(value=SimpleNamespace(stage=VARIABLE))
    pulling = SimpleNamespace(xcom_pull=lambda *_, **__: PULLED)
    environment = jinja2.Environment(keep_trailing_newline=True, autoescape=False)
    return environment.from_string(value).render(**values, var=variables, ti=pulling)


def _leaves(value: Any) -> Iterator[str]:
    """All keys and values, as texts; a JSON text counts as what is in it."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, dict):
        for key, entry in value.items():
            yield str(key)
            yield from _leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _leaves(entry)
    else:
        yield str(value)


def main(name: str = "", python: str = "") -> int:
    """Try the targets; the exit status says whether all is well."""
    chosen = [find_target(name)] if name else TARGETS
    count = 0
    for target in chosen:
        assert isinstance(target, Target), target
        if python:
            found = mistakes(target, Path(python))
        else:
            with airflow_of(target) as installed:
                found = mistakes(target, installed)
        count += len(found)
        sys.stdout.write("\n".join([f"Airflow {target}: {len(found)} mistakes", *found, ""]))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
