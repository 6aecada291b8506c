"""`dagc runtime publish`: what differs is put, what is not ours is left alone, all is told."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner, Result

from dagc.aws import clients as aws_clients
from dagc.aws.runtime_objects import RuntimeObject
from dagc.cli import runtime as runtime_command
from dagc.cli.main import app
from dagc.cli.runtime_decision import Action, action_for, content_mark
from tests.emulator.aws import BUCKET, Aws

OURS = RuntimeObject(b"old", content_mark(b"old"), "etag", "1")
ALL = ["dags/.airflowignore", "dags/retail/a.py", "plugins.zip", "requirements.txt"]


@pytest.mark.parametrize(
    ("found", "expected", "forced"),
    [
        (None, Action.PUT, Action.PUT),
        (OURS, Action.PUT, Action.PUT),
        (OURS._replace(content=b"new"), Action.KEEP, Action.KEEP),
        (OURS._replace(content=b"new", mark=None), Action.KEEP, Action.KEEP),
        (OURS._replace(mark=None), Action.REFUSE, Action.PUT),
        (OURS._replace(content=b"edited"), Action.REFUSE, Action.PUT),
    ],
    ids=["absent", "ours", "equal", "theirs, equal", "theirs", "ours, edited"],
)
def test_decision(found: RuntimeObject | None, expected: Action, forced: Action) -> None:
    assert action_for(b"new", found, force=False) is expected
    assert action_for(b"new", found, force=True) is forced


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small runtime, and a team's part of it."""
    monkeypatch.setattr(runtime_command, "built_in_runtime", lambda: tmp_path / "runtime")
    for name, text in [
        ("requirements/2.11.txt", "two"),
        ("requirements/3.0.txt", "three"),
        ("plugins/p.py", "plugin"),
        ("airflow/dags/.airflowignore", "retail/"),
        ("airflow/dags/retail/a.py", "callable"),
    ]:
        path = tmp_path / "runtime" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "runtime"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The clients that are made, by service."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(aws_clients, "make_client", found.__getitem__)
    return found


@pytest.fixture(scope="module")
def account() -> Aws:
    """An account, made once: its clients take long."""
    return Aws()


@pytest.fixture
def aws(account: Aws, clients: dict[str, Any]) -> Aws:
    """The account with its bucket, as it was at first."""
    account.reset()
    clients["s3"] = account.s3
    return account


def publish(runtime: Path, *options: str) -> Result:
    command = ["runtime", "publish", "--team", str(runtime), *options]
    return CliRunner().invoke(app, command, env={"COLUMNS": "300"})


def to_bucket(runtime: Path, *options: str) -> Result:
    return publish(runtime, "--bucket", BUCKET, *options)


def content(aws: Aws, key: str) -> bytes:
    with aws.unobserved():
        return bytes(aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())


def versions(aws: Aws) -> dict[str, str]:
    with aws.unobserved():
        found = aws.s3.list_object_versions(Bucket=BUCKET).get("Versions", [])
        return {version["Key"]: version["VersionId"] for version in found if version["IsLatest"]}


def test_everything_is_put_and_told(aws: Aws, runtime: Path) -> None:
    result = to_bucket(runtime)
    assert result.exit_code == 0, result.output
    put = versions(aws)
    assert list(put) == ALL
    assert content(aws, "requirements.txt") == b"three"
    assert content(aws, "dags/retail/a.py") == b"callable"
    for key in ALL:
        assert f"s3://{BUCKET}/{key}" in result.stdout
    wanted = f"--plugins-s3-path plugins.zip --plugins-s3-object-version {put['plugins.zip']}"
    assert wanted in result.stdout
    wanted = "--requirements-s3-path requirements.txt --requirements-s3-object-version "
    assert wanted + put["requirements.txt"] in result.stdout


def test_nothing_is_put_twice(aws: Aws, runtime: Path) -> None:
    to_bucket(runtime)
    before = versions(aws)
    aws.calls.clear()
    result = to_bucket(runtime)
    assert result.exit_code == 0
    assert aws.calls == {"s3.GetBucketVersioning": 1, "s3.GetObject": len(ALL)}
    assert versions(aws) == before
    assert f"as it was, version {before['plugins.zip']}" in result.stdout


def test_only_what_differs_is_put(aws: Aws, runtime: Path) -> None:
    to_bucket(runtime)
    before = versions(aws)
    (runtime / "airflow" / "dags" / "retail" / "a.py").write_text("another")
    assert to_bucket(runtime, "--airflow", "2.11").exit_code == 0
    changed = {key for key, version in versions(aws).items() if version != before[key]}
    assert changed == {"dags/retail/a.py", "requirements.txt"}
    assert content(aws, "requirements.txt") == b"two"


def test_another_dag_folder(aws: Aws, runtime: Path) -> None:
    to_bucket(runtime, "--dags-prefix", "flows/generated/")
    assert "flows/retail/a.py" in versions(aws)


def test_what_is_not_ours_is_left_alone(aws: Aws, runtime: Path) -> None:
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key="requirements.txt", Body=b"theirs")
    result = to_bucket(runtime)
    assert result.exit_code == 1
    assert content(aws, "requirements.txt") == b"theirs"
    assert (
        "Left alone, since something else wrote or changed it: requirements.txt." in result.stdout
    )
    assert "--requirements-s3-path" not in result.stdout
    assert list(versions(aws)) == ALL, "the others are put all the same"
    assert to_bucket(runtime, "--force").exit_code == 0
    assert content(aws, "requirements.txt") == b"three"


@pytest.mark.parametrize("status", [None, "Suspended"])
def test_a_bucket_without_versions(aws: Aws, runtime: Path, status: Any) -> None:
    name = f"plain-{status}".lower()
    with aws.unobserved():
        aws.s3.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        if status:
            aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    result = publish(runtime, "--bucket", name)
    assert result.exit_code == 1
    assert f"s3://{name} keeps no versions" in result.stderr
    assert f"aws s3api put-bucket-versioning --bucket {name} " in result.stderr
    assert "update-environment" not in result.stdout
    with aws.unobserved():
        assert "Contents" not in aws.s3.list_objects_v2(Bucket=name)


def test_a_bucket_that_is_not_there(aws: Aws, runtime: Path) -> None:
    result = publish(runtime, "--bucket", "none")
    assert result.exit_code == 2
    assert "NoSuchBucket" in result.stderr
    assert not versions(aws)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "either --bucket NAME or --stack NAME."),
        (["--bucket", "b", "--stack", "s"], "either --bucket NAME or --stack NAME."),
        (["--bucket", "b", "--update"], "it needs --stack."),
    ],
)
def test_wrong_usage(options: list[str], said: str, runtime: Path) -> None:
    result = publish(runtime, *options)
    assert result.exit_code == 2
    assert said in result.stderr


PARAMETERS = {
    "Environment": "dev",
    "AirflowVersion": "2.11",
    "CreateMwaaEnvironment": "true",
    "MwaaPluginsVersion": "",
    "MwaaRequirementsVersion": "",
}
OUTPUTS = {"DagBucketName": BUCKET, "DagPrefix": "flows/generated/"}


@pytest.fixture(scope="module")
def cloudformation_client() -> Any:
    """A client of CloudFormation, made once: its description is large."""
    return botocore.session.get_session().create_client(
        "cloudformation", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


@pytest.fixture
def cloudformation(cloudformation_client: Any, clients: dict[str, Any]) -> Iterator[Stubber]:
    """CloudFormation, which answers what a test says."""
    clients["cloudformation"] = cloudformation_client
    with Stubber(cloudformation_client) as stubber:
        yield stubber


def has(
    cloudformation: Stubber, different: Mapping[str, str] = {}, outputs: Mapping[str, str] = OUTPUTS
) -> None:
    """The stack is asked for, and is this."""
    chosen = {**PARAMETERS, **different}
    stack = {
        "StackName": "dagc-dev",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in chosen.items()],
        "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()],
    }
    cloudformation.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "dagc-dev"})


def to_stack(runtime: Path, *options: str) -> Result:
    return publish(runtime, "--stack", "dagc-dev", *options)


def test_a_stack_knows_its_bucket_folder_and_airflow(
    aws: Aws, cloudformation: Stubber, runtime: Path
) -> None:
    has(cloudformation, {"CreateMwaaEnvironment": "false"})
    result = to_stack(runtime)
    assert result.exit_code == 0, result.output
    assert content(aws, "requirements.txt") == b"two"
    assert content(aws, "flows/retail/a.py") == b"callable"
    assert "aws mwaa update-environment" in result.stdout


def test_an_environment_of_the_stacks_own_is_updated_when_told(
    aws: Aws, cloudformation: Stubber, runtime: Path
) -> None:
    has(cloudformation)
    assert "dagc runtime publish --stack dagc-dev --update" in to_stack(runtime).stdout
    put = versions(aws)
    new = {
        "MwaaPluginsVersion": put["plugins.zip"],
        "MwaaRequirementsVersion": put["requirements.txt"],
    }
    has(cloudformation)
    cloudformation.add_response(
        "update_stack",
        {"StackId": "x"},
        {
            "StackName": "dagc-dev",
            "UsePreviousTemplate": True,
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": new[name]}
                if name in new
                else {"ParameterKey": name, "UsePreviousValue": True}
                for name in PARAMETERS
            ],
        },
    )
    assert "is being updated" in to_stack(runtime, "--update").stdout
    for options in ([], ["--update"]):
        has(cloudformation, new)
        assert "dagc-dev has these versions." in to_stack(runtime, *options).stdout
    cloudformation.assert_no_pending_responses()


@pytest.mark.usefixtures("aws")
def test_no_update_that_would_leave_something_out(
    aws: Aws, cloudformation: Stubber, runtime: Path
) -> None:
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key="plugins.zip", Body=b"theirs")
    has(cloudformation)
    result = to_stack(runtime, "--update")
    assert result.exit_code == 1
    assert "Left alone" in result.stdout


@pytest.mark.usefixtures("aws")
def test_a_stack_without_an_environment_is_not_updated(
    cloudformation: Stubber, runtime: Path
) -> None:
    has(cloudformation, {"CreateMwaaEnvironment": "false"})
    result = to_stack(runtime, "--update")
    assert result.exit_code == 2
    assert "has no MWAA environment of its own" in result.stderr


@pytest.mark.usefixtures("aws")
def test_a_stack_that_is_another(cloudformation: Stubber, runtime: Path) -> None:
    has(cloudformation, outputs={})
    result = to_stack(runtime)
    assert result.exit_code == 2
    assert "dagc-dev has no 'DagBucketName'" in result.stderr
