"""What the Lambda functions answer, and what they tell: log lines, metrics, errors."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.aws.stream_records import UnusableStream
from dagc.plan.canary_names import JOB_DAG, NAME
from dagc.plan.second_look import Look
from dagc.plan.stream_delivery import EventSourceMapping
from tests.convergence.deployed import PREFIX, Follower, failing, files, job, states, task
from tests.convergence.functions import Functions
from tests.emulator.aws import BUCKET, Aws


@pytest.fixture
def records(aws: Aws, functions: Functions) -> Callable[[], dict[str, Any]]:
    """What the streams hold and the function was not given yet, as an event."""
    follower = Follower(aws, functions.deployment)
    return lambda: {"Records": follower.records()}


def _metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The metrics, by name, of the one invocation since this was last asked. None is zero."""
    lines = capsys.readouterr().out.splitlines()
    if not lines:
        return {}
    [line] = lines
    logged = json.loads(line)
    [directive] = logged["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "dagc"
    assert directive["Dimensions"] == [["service"]]
    assert logged["service"] == "dagc-test"
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert units == dict.fromkeys(units, "Count") | (
        {"EditToFile": "Milliseconds"} if "EditToFile" in units else {}
    )
    return {name: logged[name] for name in units}


def _counts(**counts: int) -> dict[str, list[float]]:
    return {name: [float(count)] for name, count in counts.items()}


def test_an_edit(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "good"))
    aws.put("mwaa_job", job("2", "bad", "404"))
    assert functions.stream(records()) == {"batchItemFailures": []}

    metrics = _metrics(capsys)
    [latency] = metrics.pop("EditToFile")
    assert metrics == _counts(Compiled=2, Published=1, Unchanged=1, Invalid=1)
    lines = {line["message"]: line for line in functions.log()}
    assert lines.keys() == {"invalid", "published", "followed"}
    published = lines["published"]
    assert published["level"] == "INFO"
    assert published["dag_id"] == "job-good"
    assert published["sources"] == ['{"job_type": "a", "job_id": "1"}']
    assert published["revision"] == 1
    assert published["edit_to_file_ms"] == latency
    assert published["file"] == "s3://the-bucket/dags/generated/job-good.py"
    assert published["version"]
    assert lines["invalid"]["level"] == "WARNING"
    assert lines["invalid"]["dag_id"] == "job-bad"
    assert [diagnostic["code"] for diagnostic in lines["invalid"]["diagnostics"]] == [
        "missing-task"
    ]


def test_the_life_of_a_dag(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    functions.stream(records())
    edits = [
        (job("1", "one", comment="mine"), "unchanged", _counts(Compiled=1, Unchanged=1)),
        (job("1", "one", "404"), "invalid", _counts(Compiled=1, Unchanged=1, Invalid=1)),
        (job("1", "one"), "valid again", _counts(Compiled=1, Unchanged=1)),
        (job("1", "one", status=0), "removed", _counts(Compiled=1, Removed=1)),
    ]
    for row, message, counts in edits:
        capsys.readouterr()
        aws.put("mwaa_job", row)
        functions.stream(records())
        assert _metrics(capsys) == counts
        line, _ = functions.log()[-2:]
        assert (line["message"], line["dag_id"]) == (message, "job-one")


def test_a_canary_sounds_no_alarm(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """It breaks its own row on purpose."""
    aws.put("mwaa_job", job("1", NAME, "404"))
    functions.stream(records())
    assert states(aws) == {JOB_DAG: "invalid"}
    assert "Invalid" not in _metrics(capsys)
    functions.rebuild()
    assert "Invalid" not in _metrics(capsys)


def test_only_what_failed_is_delivered_again(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, name in enumerate(["first", "unlucky", "last"]):
        aws.put("mwaa_job", job(str(number), name))
    event = records()

    aws.around.append(failing("s3.HeadObject", "unlucky"))
    number = event["Records"][1]["dynamodb"]["SequenceNumber"]
    assert functions.stream(event) == {"batchItemFailures": [{"itemIdentifier": number}]}
    counted = _metrics(capsys)
    assert (counted["Compiled"], counted["HandedBack"]) == ([2.0], [1.0])
    [error] = [line for line in functions.log() if line["level"] == "ERROR"]
    assert error["what"] == "job-unlucky"
    assert "injected" in error["reason"]


def test_second_looks(
    functions: Functions, records: Callable[[], dict[str, Any]], aws: Aws
) -> None:
    """What a rule asks for every few minutes; mostly there are none, and nothing is said."""
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "x"))
    functions.stream(records())
    said = len(functions.log())
    aws.calls.clear()
    due = {"take": "second looks"}
    assert functions.stream(due) == {"batchItemFailures": []}
    assert aws.calls == {"dynamodb.Query": 1}
    assert len(functions.log()) == said
    with aws.unobserved():
        look = Look("job-x", 1, int(functions.deployment.now().timestamp()))
        functions.deployment.dependencies.ask_for([look])
        aws.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}job-x.py")
    functions.stream(due)
    assert files(aws).keys() == {"job-x"}
    assert functions.log()[-1]["message"] == "looked again"
    functions.remaining_ms = 1
    functions.stream(due)
    assert functions.log()[-1]["not_reached"] == 1


def test_a_blocked_dag(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with aws.unobserved():
        aws.s3.put_object(Bucket="the-bucket", Key="dags/generated/job-one.py", Body=b"theirs")
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    functions.stream(records())
    assert _metrics(capsys) == _counts(Compiled=1, Unchanged=1, Blocked=1)
    [error] = [line for line in functions.log() if line["level"] == "ERROR"]
    assert (error["message"], error["dag_id"]) == ("blocked", "job-one")


def test_a_stream_without_old_images_is_refused(
    aws: Aws, functions: Functions, records: Any
) -> None:
    aws.put("mwaa_job", job("1", "one"))
    aws.put("mwaa_job", job("1", "two"))
    event = records()
    for record in event["Records"]:
        record["dynamodb"].pop("OldImage", None)
    with pytest.raises(UnusableStream, match="NEW_AND_OLD_IMAGES"):
        functions.stream(event)


def test_a_rebuild(aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "good"))
    aws.put("mwaa_job", job("2", "bad", "404"))
    summary = {
        "dags": 2, "current": 0, "compiled": 2, "published": 1,
        "removed": 0, "removals_refused": 0, "failed": 0, "not_reached": 0, "unannounced": 0,
    }  # fmt: skip
    assert functions.rebuild() == summary
    assert _metrics(capsys) == _counts(Compiled=2, Published=1, Unchanged=1, Invalid=1)
    assert functions.rebuild() == summary | {"current": 2, "compiled": 0, "published": 0}
    assert _metrics(capsys) == _counts(Invalid=1)
    line = next(line for line in functions.log() if line["message"] == "rebuilt")
    assert summary.items() <= line.items()


def test_a_rebuild_that_would_remove_too_much(
    aws: Aws, functions: Functions, records: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    functions.stream(records())
    aws.delete("mwaa_job", job("1", "one"))
    capsys.readouterr()
    assert functions.rebuild()["removals_refused"] == 1
    assert _metrics(capsys)["RemovalsRefused"] == [1.0]
    [error] = [line for line in functions.log() if line["level"] == "ERROR"]
    assert (error["message"], error["dag_ids"]) == ("removals refused", ["job-one"])
    assert files(aws)
    assert functions.rebuild(remove="all")["removed"] == 1
    assert not files(aws)


def test_a_rebuild_that_another_has_to_finish(
    aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    functions.remaining_ms = 60_000
    with pytest.raises(Exception, match="another run has to go on") as raised:
        functions.rebuild()
    assert type(raised.value).__name__ == "Unfinished"
    assert not _metrics(capsys)
    assert not files(aws)
    functions.remaining_ms = 900_000
    assert functions.rebuild()["published"] == 1


def test_a_rebuild_that_fails_at_a_dag(
    aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.put("mwaa_task", task("1"))
    for number, name in enumerate(["first", "unlucky", "last"]):
        aws.put("mwaa_job", job(str(number), name))
    aws.around.append(failing("s3.PutObject", "unlucky"))
    with pytest.raises(Exception, match="'failed': 1"):
        functions.rebuild()
    assert _metrics(capsys)["Published"] == [2.0]
    aws.around.clear()
    assert functions.rebuild()["published"] == 1


def test_rebuilds_that_run_out_of_time_end_in_a_few(
    aws: Aws, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes on where the one before stopped: Lambda starts it again, as that has failed."""
    monkeypatch.setattr("dagc.apply.compile_dags.CHUNK", 2)
    aws.put("mwaa_task", task("1"))
    for number in range(9):
        aws.put("mwaa_job", job(str(number), f"j{number}"))

    def around(operation: str, _: dict[str, Any], execute: Callable[[], Any]) -> Any:
        if operation == "s3.PutObject":
            functions.remaining_ms -= 400_000
        return execute()

    aws.around.append(around)
    for left in (5, 1):
        functions.remaining_ms = 900_000
        with pytest.raises(Exception, match=f"'not_reached': {left}"):
            functions.rebuild()
    functions.remaining_ms = 900_000
    last = functions.rebuild()
    assert (last["current"], last["published"], last["not_reached"]) == (8, 1, 0)
    assert aws.calls["s3.PutObject"] == 9


def test_a_rebuild_that_cannot_read(aws: Aws, functions: Functions) -> None:
    aws.around.append(failing("dynamodb.Scan"))
    with pytest.raises(ClientError, match="injected"):
        functions.rebuild()


def test_a_rebuild_that_finds_a_stream_stopped(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    functions.mappings["mwaa_job"] = EventSourceMapping(state="Disabled")
    functions.rebuild()
    assert _metrics(capsys)["StoppedStreams"] == [1.0]
    [error] = [line for line in functions.log() if line["level"] == "ERROR"]
    assert (error["message"], error["table"]) == ("stream stopped", "mwaa_job")
    assert error["reason"] == "the event source mapping is Disabled"


def test_a_rebuild_after_a_stream_was_turned_off(
    aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mapping still says that it is enabled."""
    with aws.unobserved():
        aws.dynamodb.update_table(
            TableName="mwaa_task", StreamSpecification={"StreamEnabled": False}
        )
    functions.rebuild()
    assert _metrics(capsys)["StoppedStreams"] == [1.0]


def test_a_redrive(aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a message that names no batch, in whose place it rebuilds."""
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    with aws.unobserved():
        aws.sqs.send_message(QueueUrl=aws.queue_url, MessageBody="no JSON")
    counts = {"redriven": 0, "expired": 1, "failed": 0, "in_flight": 0}
    assert functions.redrive() == counts
    metrics = _metrics(capsys)
    assert sum(metrics["Published"]) == 1
    assert "RemovalsRefused" not in metrics
    lines = {line["message"]: line for line in functions.log()}
    assert lines.keys() == {"published", "rebuilt", "redriven"}
    assert counts.items() <= lines["redriven"].items()


def test_a_redrive_of_nothing(
    aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {"redriven": 0, "expired": 0, "failed": 0, "in_flight": 0}
    assert functions.redrive() == counts
    assert not _metrics(capsys)
    [line] = functions.log()
    assert counts.items() <= line.items()
    assert "dynamodb.Scan" not in aws.calls
