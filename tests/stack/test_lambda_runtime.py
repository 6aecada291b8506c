"""The built package in AWS's own runtime interface: real events in, files and accounts out.

From the compiled modules and the precompiled templates alone: the package that runs here has no
readable sources.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bench.lambda_runtime import Function, function
from bench.package import build_runtime
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import compile_rows, read_rows
from dagc.compiler.targets import Target
from demo import dags, files, rows
from demo.local_aws import LocalAws, local_aws
from demo.rows import Row
from demo.stack import Stack
from tests.stack import sent
from tests.stack.account import account, variables
from tests.stack.dead_letters import edits_of, send_dead_letter
from tests.stack.template import ROOT, resolved

ROWS = rows.read_rows(ROOT / "examples" / "rows")
EXPORT: Row = rows.find(ROWS, "job", job_type="export", job_id="41")
DAG = "job-export_marketing"
NOWHERE = "http://127.0.0.1:1"

Start = Callable[..., AbstractContextManager[Function]]


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """One for all tests of this module: each has tables and a bucket of its own."""
    with local_aws() as running:
        yield running


@pytest.fixture
def stack(aws: LocalAws, numbers: Iterator[int] = count()) -> Stack:  # noqa: B008
    """Tables with the rows of the examples, that no function has seen yet."""
    made = account(aws, f"runtime-{next(numbers)}")
    rows.load(made, ROWS, Console(quiet=True))
    return made


@pytest.fixture(scope="module")
def compiled(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, with sources that fail who reads them."""
    folder = tmp_path_factory.mktemp("compiled") / "package"
    shutil.copytree(package, folder)
    for source in (folder / "dag_templates").rglob("*.*"):
        if source.suffix in {".jinja", ".yaml"}:
            source.unlink()
    for name in ("dagc", "dag_templates"):
        for source in (folder / name).rglob("*.py"):
            source.write_text("raise AssertionError('the source is read, not what is compiled')")
    return folder


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Lambda has beside the package."""
    return build_runtime(tmp_path_factory.mktemp("runtime"))


@pytest.fixture
def start(stack: Stack, compiled: Path, runtime: Path) -> Start:
    """Starts a function of the template on this test's tables."""

    def started(name: str, **more: str) -> AbstractContextManager[Function]:
        properties = resolved()["Resources"][f"Dag{name}Function"]["Properties"]
        environment = {**variables(stack, name), **more}
        return function(properties["Handler"], compiled, runtime, environment)

    return started


def expected() -> dict[str, str]:
    """The files of the examples, as this interpreter compiles them from the sources."""
    toolchain, _ = load_toolchain(Target(3, 0), "dev", ROOT / "examples")
    assert toolchain is not None
    read = read_rows(ROWS["task"], ROWS["job"], ROWS["scheduler"], toolchain)
    artifacts = compile_rows(read, toolchain)
    return {artifact.dag_id: artifact.text for artifact in artifacts if artifact.text}


def found(stack: Stack) -> dict[str, str]:
    return {dag: files.read(stack, dag).text for dag in files.versions(stack)}


def records(*batch: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(batch)}


DONE: dict[str, Any] = {"batchItemFailures": []}


def test_edits_of_every_kind(stack: Stack, start: Start) -> None:
    renamed = {**EXPORT, "job_name": "export_renamed"}
    with start("Compiler") as compiler:
        event = records(sent.inserted(stack, "job", EXPORT, "111"))
        assert compiler.invoke(event).content == DONE
        assert found(stack) == {DAG: expected()[DAG]}
        published = dags.read(stack, DAG)
        assert (published["state"], published["version"]) == (
            "published",
            files.read(stack, DAG).version,
        )
        assert published["edit_to_file_ms"] > 0

        rows.put(stack, "job", renamed)
        event = records(sent.modified(stack, "job", EXPORT, renamed, "222"))
        assert compiler.invoke(event).content == DONE
        assert found(stack).keys() == {"job-export_renamed"}
        assert dags.read(stack, DAG)["state"] == "removed"
        assert dags.read(stack, "job-export_renamed")["state"] == "published"

        key = {"job_type": "export", "job_id": "41"}
        stack.dynamodb.Table(stack.tables["job"]).delete_item(Key=key)
        event = records(sent.removed(stack, "job", renamed, "333"))
        assert compiler.invoke(event).content == DONE
        assert found(stack) == {}
        assert dags.read(stack, "job-export_renamed")["expires_at"] > 0
        log = compiler.log.read_text(encoding="utf-8")
    assert '"message":"published"' in log
    assert '"EditToFile"' in log


def test_a_batch_of_edits(stack: Stack, start: Start) -> None:
    """All jobs, and then all schedulers."""
    with start("Compiler") as compiler:
        for kind in ("job", "scheduler"):
            batch = [
                sent.inserted(stack, kind, row, str(900 + number))
                for number, row in enumerate(ROWS[kind])
            ]
            assert compiler.invoke(records(*batch)).content == DONE
    assert found(stack) == expected()


def test_a_mistake_is_no_failure(stack: Stack, start: Start) -> None:
    wrong = {**EXPORT, "task_list": "nowhere"}
    rows.put(stack, "job", wrong)
    with start("Compiler") as compiler:
        event = records(sent.modified(stack, "job", EXPORT, wrong, "111"))
        assert compiler.invoke(event).content == DONE
        log = compiler.log.read_text(encoding="utf-8")
    row = dags.read(stack, DAG)
    assert row["state"] == "invalid"
    assert "nowhere" in row["diagnostics"][0]["message"]
    assert '"message":"invalid"' in log


def test_what_aws_failed_at_is_delivered_again(stack: Stack, start: Start) -> None:
    """From the lowest number on, whatever the order, and however many digits it has."""
    export = records(*(sent.inserted(stack, "job", EXPORT, number) for number in ("1000", "999")))
    with start("Compiler", AWS_ENDPOINT_URL_S3=NOWHERE) as compiler:
        answer = compiler.invoke(export).content
    assert answer == {"batchItemFailures": [{"itemIdentifier": "999"}]}
    with start("Compiler") as compiler:
        assert compiler.invoke(export).content == DONE
    assert DAG in files.versions(stack)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({}, "KeyError"),
        ({"Records": [{"eventName": "INSERT"}]}, "KeyError"),
    ],
)
def test_what_is_no_event_of_a_stream_is_an_error(
    start: Start, event: dict[str, Any], problem: str
) -> None:
    with start("Compiler") as compiler, pytest.raises(RuntimeError, match=problem):
        compiler.invoke(event)


def test_a_stream_without_old_images_is_an_error(stack: Stack, start: Start) -> None:
    record = sent.modified(stack, "job", EXPORT, EXPORT, "111")
    del record["dynamodb"]["OldImage"]
    with start("Compiler") as compiler, pytest.raises(RuntimeError, match="UnusableStream"):
        compiler.invoke(records(record))


@pytest.mark.parametrize(
    "event", [sent.schedule(), sent.stack_status("CREATE_COMPLETE"), {}, {"remove": "all"}]
)
def test_a_rebuild_writes_what_is_missing(
    stack: Stack, start: Start, event: dict[str, Any]
) -> None:
    wanted = expected()
    with start("Rebuild") as rebuild:
        first = rebuild.invoke(event).content
        assert found(stack) == wanted
        assert (first["published"], first["failed"]) == (len(wanted), 0)
        assert rebuild.invoke(event).content["compiled"] == 0


def test_many_files_go_only_when_somebody_says_so(stack: Stack, start: Start) -> None:
    with start("Rebuild") as rebuild:
        rebuild.invoke({})
        with stack.dynamodb.Table(stack.tables["scheduler"]).batch_writer() as batch:
            for row in ROWS["scheduler"]:
                batch.delete_item(Key={"schedule_id": row["schedule_id"]})
        refused = rebuild.invoke(sent.schedule()).content["removals_refused"]
        assert refused
        assert found(stack) == expected()
        assert rebuild.invoke({"remove": "all"}).content["removed"] == refused
        assert all(dag.startswith("job-") for dag in files.versions(stack))


def test_dead_letters_are_compiled(stack: Stack, start: Start) -> None:
    nothing = {"redriven": 0, "expired": 0, "failed": 0, "in_flight": 0}
    with start("Redrive") as redrive:
        assert redrive.invoke({}).content == nothing
        send_dead_letter(stack, edits_of(stack, "41"))
        assert redrive.invoke({}).content == {**nothing, "redriven": 1}
    assert found(stack) == {DAG: expected()[DAG]}


def test_a_message_that_names_no_batch_is_rebuilt(stack: Stack, start: Start) -> None:
    """And the one behind it is run again."""
    stack.sqs.send_message(QueueUrl=stack.dead_letter_queue, MessageBody="no JSON")
    send_dead_letter(stack, edits_of(stack, "41"))
    with start("Redrive") as redrive:
        counts = {"redriven": 1, "expired": 1, "failed": 0, "in_flight": 0}
        assert redrive.invoke({}).content == counts
    assert found(stack) == expected()
