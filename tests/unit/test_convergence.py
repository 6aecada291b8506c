"""The bucket follows the rows, in moto: every kind of edit, and nothing foreign is touched."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from moto import mock_aws
from typer.testing import CliRunner

from dagc.aws.bucket import DIGEST, Bucket, Changed
from dagc.aws.tables import Items, TableNames, read_items
from dagc.catalog.load import load_toolchain
from dagc.cli.main import app
from dagc.convergence import ATTEMPTS, Outcome, Unsettled, converge
from dagc.targets import Target

PREFIX = "dags/generated/"
KEYS = {
    "mwaa_task": ["task_id"],
    "mwaa_job": ["job_type", "job_id"],
    "mwaa_scheduler": ["schedule_id"],
}
TASK = {"task_id": "1", "task_name": "t", "task_type": "BASH"}
JOB = {"job_type": "a", "job_id": "1", "job_name": "one", "task_list": "1"}
OTHER = {"job_type": "b", "job_id": "2", "job_name": "two", "task_list": "1"}
SCHEDULER = {
    "schedule_id": "1", "schedule_name": "s", "job_list": "1",
    "schedule_params": '{"schedule_interval": "@daily"}',
}  # fmt: skip


class Account:
    """The three tables and the bucket, and what was read of them."""

    def __init__(self) -> None:
        self.dynamodb = boto3.client("dynamodb", region_name="eu-central-1")
        self.s3 = boto3.client("s3", region_name="eu-central-1")
        for table, keys in KEYS.items():
            self.dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[
                    {"AttributeName": key, "KeyType": kind}  # type: ignore[typeddict-item]
                    for key, kind in zip(keys, ["HASH", "RANGE"], strict=False)
                ],
            )
        location: Any = {"LocationConstraint": "eu-central-1"}
        self.s3.create_bucket(Bucket="the-bucket", CreateBucketConfiguration=location)
        self.s3.put_bucket_versioning(
            Bucket="the-bucket", VersioningConfiguration={"Status": "Enabled"}
        )
        self.bucket = Bucket(self.s3, "the-bucket", PREFIX)
        self.put("mwaa_task", TASK | {"task_params": {"bash_command": "true"}})

    def put(self, table: str, item: dict[str, Any]) -> None:
        """Writes a row."""
        self.dynamodb.put_item(TableName=table, Item=_serialized(item))

    def delete(self, table: str, item: dict[str, Any]) -> None:
        """Deletes a row."""
        key = _serialized({key: item[key] for key in KEYS[table]})
        self.dynamodb.delete_item(TableName=table, Key=key)

    def read(self) -> Items:
        """All rows."""
        return read_items(self.dynamodb, TableNames())

    def converge(self, read: Callable[[], Items] | None = None) -> Outcome:
        """Converges the bucket."""
        tools, _ = load_toolchain(Target(3, 0), "")
        assert tools is not None
        return converge(read or self.read, self.bucket, tools)

    def files(self) -> dict[str, str]:
        """The text of each object, by the rest of its key."""
        found = self.s3.list_objects_v2(Bucket="the-bucket").get("Contents", [])
        return {
            entry["Key"].removeprefix(PREFIX): self.s3.get_object(
                Bucket="the-bucket", Key=entry["Key"]
            )["Body"]
            .read()
            .decode()
            for entry in found
        }


def _serialized(item: dict[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield Account()


def _done(outcome: Outcome) -> tuple[list[str], list[str]]:
    """The keys written and deleted."""
    return (
        [put.key.removeprefix(PREFIX) for put in outcome.plan.puts],
        [delete.key.removeprefix(PREFIX) for delete in outcome.plan.deletes],
    )


def test_the_life_of_a_job(account: Account) -> None:
    assert _done(account.converge()) == ([], [])
    account.put("mwaa_job", JOB)
    created = account.converge()
    assert _done(created) == (["job-one.py"], [])
    assert created.versions[f"{PREFIX}job-one.py"] not in ("", None)
    assert _done(account.converge()) == ([], [])
    first = account.files()["job-one.py"]

    account.put("mwaa_task", TASK | {"task_params": {"bash_command": "false"}})
    assert _done(account.converge()) == (["job-one.py"], [])
    assert account.files()["job-one.py"] != first

    account.put("mwaa_job", JOB | {"job_name": "renamed"})
    assert _done(account.converge()) == (["job-renamed.py"], ["job-one.py"])

    account.put("mwaa_job", JOB | {"status": 0})
    assert _done(account.converge()) == ([], ["job-renamed.py"])

    account.put("mwaa_job", JOB)
    assert _done(account.converge()) == (["job-one.py"], [])
    account.delete("mwaa_job", JOB)
    assert _done(account.converge()) == ([], ["job-one.py"])
    assert account.files() == {}


def test_a_task_of_two_jobs_and_a_scheduler(account: Account) -> None:
    for table, row in [("mwaa_job", JOB), ("mwaa_job", OTHER), ("mwaa_scheduler", SCHEDULER)]:
        account.put(table, row)
    assert _done(account.converge())[0] == ["job-one.py", "job-two.py", "schedule-s.py"]
    account.put("mwaa_task", TASK | {"task_params": {"bash_command": "false"}})
    assert _done(account.converge()) == (["job-one.py", "job-two.py"], [])


def test_names_that_two_jobs_swap(account: Account) -> None:
    account.put("mwaa_job", JOB)
    account.put("mwaa_job", OTHER)
    account.converge()
    account.put("mwaa_job", JOB | {"job_name": "two"})
    clash = account.converge()
    assert _done(clash) == ([], ["job-one.py"])
    assert [artifact.text for artifact in clash.artifacts] == [None, None]
    account.put("mwaa_job", OTHER | {"job_name": "one"})
    assert _done(account.converge()) == (["job-one.py", "job-two.py"], [])


def test_an_invalid_row_keeps_its_last_good_file(account: Account) -> None:
    account.put("mwaa_job", JOB)
    account.put("mwaa_job", OTHER)
    account.converge()
    before = account.files()
    account.put("mwaa_job", JOB | {"job_params": "{"})
    assert _done(account.converge()) == ([], [])
    account.delete("mwaa_task", TASK)
    outcome = account.converge()
    assert _done(outcome) == ([], [])
    assert account.files() == before
    assert all(artifact.diagnostics for artifact in outcome.artifacts)


def test_what_others_put_there_stays(account: Account) -> None:
    foreign = {f"{PREFIX}mine.py", f"{PREFIX}job-one.py", f"{PREFIX}sub/x.txt", "dags/other.py"}
    for key in foreign:
        account.s3.put_object(Bucket="the-bucket", Key=key, Body=b"mine", Metadata={"a": "b"})
    account.put("mwaa_job", JOB)
    account.put("mwaa_job", OTHER)
    outcome = account.converge()
    assert _done(outcome) == (["job-two.py"], [])
    assert outcome.plan.foreign == (f"{PREFIX}job-one.py",)
    account.put("mwaa_job", JOB | {"status": 0})
    account.converge()
    assert [text for text in account.files().values() if text == "mine"] == ["mine"] * 4


def test_what_somebody_changed_or_deleted_is_repaired(account: Account) -> None:
    account.put("mwaa_job", JOB)
    account.put("mwaa_job", OTHER)
    account.converge()
    before = account.files()
    account.s3.delete_object(Bucket="the-bucket", Key=f"{PREFIX}job-one.py")
    marked = {DIGEST: "of another text"}
    account.s3.put_object(
        Bucket="the-bucket", Key=f"{PREFIX}job-two.py", Body=b"x", Metadata=marked
    )
    assert _done(account.converge()) == (["job-one.py", "job-two.py"], [])
    assert account.files() == before


def test_a_change_in_between_begins_again(account: Account) -> None:
    account.put("mwaa_job", JOB)
    reads = 0

    def read() -> Items:
        nonlocal reads
        reads += 1
        if reads == 1:  # a faster one compiles newer rows, after the bucket was observed
            old = account.read()
            account.put("mwaa_task", TASK | {"task_params": {"bash_command": "newer"}})
            account.converge()
            return old
        return account.read()

    account.converge(read)
    assert reads == 2
    assert 'bash_command="newer"' in account.files()["job-one.py"]


def test_a_deletion_in_between_begins_again(account: Account) -> None:
    account.put("mwaa_job", JOB)
    account.converge()
    account.put("mwaa_job", JOB | {"status": 0})
    reads = 0

    def read() -> Items:
        nonlocal reads
        reads += 1
        if reads == 1:
            disabled = account.read()
            account.put(
                "mwaa_job", JOB | {"description": "on again", "job_params": '{"owner": "x"}'}
            )
            account.converge()
            return disabled
        return account.read()

    account.converge(read)
    assert reads == 2
    assert 'owner": "x"' in account.files()["job-one.py"]


class _Restless(Bucket):
    """Changes under every attempt."""

    def put(self, *_: object) -> str:
        raise Changed("key")


def test_it_gives_up_where_others_keep_writing(account: Account) -> None:
    account.put("mwaa_job", JOB)
    account.bucket = _Restless(account.s3, "the-bucket", PREFIX)
    reads: list[Items] = []

    def read() -> Items:
        reads.append(account.read())
        return reads[-1]

    with pytest.raises(Unsettled, match="changed during each"):
        account.converge(read)
    assert len(reads) == ATTEMPTS


def test_all_pages_of_a_table_are_read(account: Account) -> None:
    for number in range(30):
        account.put("mwaa_job", JOB | {"job_id": f"{number}", "x": "x" * 100_000})
    assert len(account.read().jobs) == 30


def test_from_aws_on_the_command_line(account: Account, tmp_path: Any) -> None:
    account.put("mwaa_job", JOB)
    command = ["compile", "--from-aws", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    account.converge()
    assert (tmp_path / "job-one.py").read_text(encoding="utf-8")
    missing = CliRunner().invoke(app, [*command, "--table-prefix", "none_"])
    assert missing.exit_code == 2
    assert "Cannot read the tables none_task, none_job, none_scheduler" in missing.stderr
