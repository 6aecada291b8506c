"""The real operators of each Airflow, as the templates print them, against what serves them here.

The jobs of the example `outlet_daily`, and a job with the types that it has not.
"""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import compile_rows, read_rows
from dagc.compiler.targets import Target, find_target
from demo.airflow import outlet
from demo.airflow.postgres import Postgres
from demo.airflow.services import Services, services
from demo.airflow.versions import VERSIONS, installed
from demo.local_aws import LocalAws
from tests.properties.example_rows import TABLES, example_tables

ROOT = Path(__file__).parents[2]
JOBS = ("outlet_ingest", "outlet_report", "outlet_lake", "outlet_handover")
WAITING = {"create_outlet_lake_table", "sum_outlet_week"}
"""Tasks that always wait in the triggerer, where the target lets them: others may end too soon."""
TRANSFER = {
    "cluster": "retail-dev",
    "taskDefinition": "retail-sftp-transfer",
    "launchType": "FARGATE",
    "overrides": {"containerOverrides": [{"name": "transfer", "command": ["--day", "2026-11-01"]}]},
}
STEP = {"Name": "score", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["{{ ds }}"]}}


@pytest.fixture(scope="module")
def served(aws: LocalAws, database_server: Postgres) -> Iterator[Services]:
    """All services, with the outlet's file of two days."""
    with services(aws, database_server) as running:
        yield running


@pytest.fixture(scope="module")
def cluster(served: Services) -> str:
    """The id of an EMR cluster."""
    instances = {"KeepJobFlowAliveWhenNoSteps": True}
    logs = f"s3://{outlet.LANDING}/emr/"
    flow = served.client("emr").run_job_flow(Name="retail", Instances=instances, LogUri=logs)
    return str(flow["JobFlowId"])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_task_succeeds(served: Services, cluster: str, tmp_path: Path, version: str) -> None:
    day = date(2026, 11, 1 + list(VERSIONS).index(version))
    outlet.put_sales(served.client("s3"), day)
    files = compiled(tmp_path, version, cluster)

    told = executed(served, tmp_path, version, day, files)

    assert {name: task["error"] for name, task in told.items() if "error" in task} == {}
    assert outlet.report(served.postgres, day) == outlet.expected_report(day)
    assert outlet.closings(served.postgres, day) == [(3, Decimal("286.30"), "EUR")]
    assert day.isoformat() in {announcement["date"] for announcement in served.announcements()}
    assert told["check_outlet_sales"]["result"] == {"lines": 6, "revenue": "286.30"}
    assert week(served, told["sum_outlet_week"]["result"])[-1][0] == outlet.OUTLET
    # ECS is served to the end by nobody: it is the request that counts.
    assert told["transfer"]["request"].items() >= TRANSFER.items()
    deferred = {name for name, task in told.items() if task["deferred"]}
    assert deferred >= (WAITING if target(version).deferrable else set())
    assert deferred <= (told.keys() if target(version).deferrable else set())


def target(version: str) -> Target:
    """The compiler's target of that name."""
    found = find_target(version)
    assert isinstance(found, Target)
    return found


def compiled(folder: Path, version: str, cluster: str) -> list[Path]:
    """The files of the jobs, in the order of their runs."""
    toolchain, diagnostics = load_toolchain(target(version), "dev", ROOT / "examples")
    assert toolchain is not None, diagnostics
    tasks, jobs, schedulers = (list(example_tables()[table]) for table in TABLES)
    params = {"steps": [STEP], "job_flow_id": cluster, "waiter_delay": 1}
    command = {"name": "transfer", "command": ["--day", "2026-11-01"]}
    transfer = {
        "task_definition": "retail-sftp-transfer",
        "overrides": {"containerOverrides": [command]},
    }
    tasks += [
        {"task_id": "s", "task_name": "score", "task_type": "EMR-STEP", "task_params": params},
        {"task_id": "t", "task_name": "transfer", "task_type": "ECS", "task_params": transfer},
    ]
    order = [{"task_id": "t", "pid": "s"}]
    others = {"job_type": "t", "job_id": "t", "job_name": "others", "status": 1}
    jobs += [{**others, "task_list": "s,t", "job_task_dependencies": order}]
    rows = read_rows(tasks, jobs, schedulers, toolchain)
    texts = {artifact.dag_id: artifact.text for artifact in compile_rows(rows, toolchain)}
    files = []
    for name in (*JOBS, "others"):
        text = texts[f"job-{name}"]
        assert text is not None, name
        files.append(folder / f"job-{name}.py")
        files[-1].write_text(text, encoding="utf-8")
    return files


def executed(
    served: Services, folder: Path, version: str, day: date, files: list[Path]
) -> dict[str, Any]:
    """What became of each task."""
    report = folder / "report.json"
    python = installed(version).executable.with_name("python")
    script = ROOT / "tests/services/execute.py"
    command = [str(argument) for argument in (python, script, day, report, *files)]
    modules = {"PYTHONPATH": str(ROOT / "examples" / "airflow" / "dags")}
    environment = {**served.aws.environment, **served.environment, **modules}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def week(served: Services, query: str) -> list[list[str]]:
    """The rows that an Athena query found, below its header."""
    found = served.client("athena").get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    return [[cell["VarCharValue"] for cell in row["Data"]] for row in found]
