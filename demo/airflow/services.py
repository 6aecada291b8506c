"""What the tasks of the examples talk to: the services of a local AWS, as the rows name them.

| service | who serves it |
|---|---|
| S3, Lambda, Glue, Athena | ministack; Athena's queries run in DuckDB, on the objects in S3 |
| Redshift Data API | `redshift_data`, on PostgreSQL |
| EMR Serverless | moto, `emr_serverless` |

Which server a client asks, botocore reads in the environment: `AWS_ENDPOINT_URL_<SERVICE>`.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from demo.airflow.postgres import Postgres
from demo.airflow.redshift_data import redshift_data
from demo.deploy import ENVIRONMENT, EXAMPLES, ROOT
from demo.local_aws import REGION, LocalAws, without_aws
from demo.loopback import answers, free_port
from demo.process import Process, last_lines, log, require_running, running
from demo.waiting import wait_until

ROLE = "arn:aws:iam::000000000000:role/retail"
GLUE_JOBS = ("retail-compact-csv", "retail-compact-parquet")
ANNOUNCEMENTS = "example-retail-announcements"
EMR_SERVERLESS = "emr-serverless"

_ANNOUNCE = f"""
import json

import boto3


def handler(event, context):
    boto3.client("s3").put_object(
        Bucket="{ANNOUNCEMENTS}", Key=context.aws_request_id, Body=json.dumps(event)
    )
    return {{"announced": True}}
"""


@dataclass(frozen=True)
class Services:
    """All of them, running. `environment` is what Airflow needs beside the local AWS's own."""

    aws: LocalAws
    postgres: Postgres
    environment: dict[str, str]

    def announcements(self) -> list[dict[str, Any]]:
        """What the function retail-announce was invoked with, in that order."""
        s3 = self.client("s3")
        found = s3.list_objects_v2(Bucket=ANNOUNCEMENTS).get("Contents", [])
        keys = [entry["Key"] for entry in sorted(found, key=lambda entry: entry["LastModified"])]
        bodies = [s3.get_object(Bucket=ANNOUNCEMENTS, Key=key)["Body"].read() for key in keys]
        return [json.loads(body) for body in bodies]

    def client(self, service: str) -> Any:
        """A client of any of them."""
        variable = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
        return self.aws.client(service, self.environment.get(variable))


@contextmanager
def services(aws: LocalAws, postgres: Postgres) -> Iterator[Services]:
    """Start what ministack lacks, make what the rows name, and stop it at the end."""
    defaults = _defaults()
    _make(aws, defaults)
    for database in (defaults["REDSHIFT-SQL"]["database"], "outlet"):
        postgres.create_database(database)
    application = defaults["SPARK"]["application_id"]
    with (
        redshift_data(postgres, aws.client("s3")) as redshift,
        _emr_serverless(aws, application) as emr,
    ):
        environment = {
            "AWS_ENDPOINT_URL_REDSHIFT_DATA": redshift,
            "AWS_ENDPOINT_URL_EMR_SERVERLESS": emr,
            "AIRFLOW_CONN_OUTLET_POSTGRES": postgres.dsn("outlet"),
        }
        yield Services(aws, postgres, environment)


def _defaults() -> dict[str, Any]:
    """What the defaults file says of the environment: its params, and the types' parameters."""
    path = EXAMPLES / "defaults.yaml"
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    sections = [read[name]["job_params"] for name in ("default", ENVIRONMENT)]
    found: dict[str, Any] = {"params": {}}
    for section in sections:
        found["params"] |= section.get("params", {})
        for type_, parameters in section.get("task_params", {}).items():
            found[type_] = {**found.get(type_, {}), **parameters}
    return found


def _make(aws: LocalAws, defaults: dict[str, Any]) -> None:
    """The buckets, the function, the Glue jobs and the lake's database."""
    s3, functions, glue = (aws.client(name) for name in ("s3", "lambda", "glue"))
    results = defaults["ATHENA-SQL"]["output_location"].split("/")[2]
    params = defaults["params"]
    buckets = {value for name, value in params.items() if name.endswith("_bucket")}
    for bucket in sorted({*buckets, results, ANNOUNCEMENTS}):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    functions.create_function(
        FunctionName="retail-announce",
        Runtime=f"python3.{sys.version_info.minor}",
        Role=ROLE,
        Handler="announce.handler",
        Code={"ZipFile": _zipped("announce.py", _ANNOUNCE)},
        Timeout=30,
    )
    for job in GLUE_JOBS:
        script = f"s3://{params['lake_bucket']}/code/{job}.py"
        command = {"Name": "glueetl", "ScriptLocation": script, "PythonVersion": "3"}
        glue.create_job(Name=job, Role=ROLE, Command=command, GlueVersion="5.0")
    database = {"Name": defaults["ATHENA-SQL"]["database"]}
    glue.create_database(DatabaseInput=database)


def _zipped(name: str, content: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, content)
    return archive.getvalue()


@contextmanager
def _emr_serverless(aws: LocalAws, application_id: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "demo.airflow.emr_serverless", str(port), application_id]
    environment = {**without_aws(), "PYTHONPATH": str(ROOT)}
    with running(
        {EMR_SERVERLESS: command}, folder=aws.folder, environment=environment
    ) as processes:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, processes[EMR_SERVERLESS], log(aws.folder, EMR_SERVERLESS))
        yield url


def _wait_until_ready(url: str, process: Process, printed: Path) -> None:
    def ready() -> bool:
        require_running("moto", process, printed)
        return answers(f"{url}/moto-api/data.json")

    wait_until(ready, bool, "moto to answer", lambda _: last_lines(printed), every=0.05)
