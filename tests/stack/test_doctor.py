"""`dagc doctor --canary` on a stack under its roles, by a person with documented permissions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dagc.canary.canary_rows import IDS, keys_with, steps
from dagc.compiler import KEYS
from dagc.plan.canary_names import DAGS, JOB_DAG
from demo import dags, files
from demo.deploy import STACK_NAME
from demo.rebuild import rebuild
from demo.rows import put
from demo.stack import Stack
from demo.waiting import wait_until
from tests.stack.enforcing import admit_plain_requests, enforced
from tests.stack.people import Ended, Person, person
from tests.stack.template import ROOT

DOCTOR = ("doctor", "--stack", STACK_NAME)
KINDS = dict(zip(KEYS, ("task", "job", "scheduler"), strict=True))
CREATED, *_ = steps(keys_with(dict.fromkeys(KEYS, IDS[0])))


@pytest.fixture(scope="module")
def stack(built: Path) -> Iterator[Stack]:
    with enforced(built) as deployed:
        admit_plain_requests(deployed)
        yield deployed


@pytest.fixture(scope="module")
def someone(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Person:
    return person(stack, tmp_path_factory.mktemp("someone"))


def rows(stack: Stack) -> list[Any]:
    return [
        item
        for kind in KINDS.values()
        for item in stack.dynamodb.Table(stack.tables[kind]).scan(ConsistentRead=True)["Items"]
    ]


def wait_until_nothing_is_left(stack: Stack) -> None:
    assert rows(stack) == []
    wait_until(
        lambda: files.versions(stack).keys() & set(DAGS),
        lambda found: not found,
        "the canary's files to go",
        str,
    )


def passed(ended: Ended) -> list[str]:
    assert ended.exit_code == 0, ended
    lines = ended.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines), ended
    return lines


def switch(stack: Stack, *, on: bool) -> None:
    """The mapping that brings the edits of tasks to the compiler."""
    found = stack.lambda_.list_event_source_mappings(FunctionName=stack.functions["compiler"])
    for mapping in found["EventSourceMappings"]:
        if f"/{stack.tables['task']}/" in mapping["EventSourceArn"]:
            stack.lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)


def transcript() -> list[str]:
    """What the documentation shows of a canary."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    (shown,) = (
        part
        for part in page.split("```")
        if part.startswith("\n✓ edits of mwaa_task reach the compiler")
    )
    return shown.strip().splitlines()


def alike(line: str) -> str:
    """A line without what differs from stack to stack, and from run to run."""
    return re.sub(r"s3://[^/]+/", "s3://…/", re.sub(r"\d+\.\d s", "… s", line))


def test_it_wants_a_rebuild(stack: Stack, someone: Person) -> None:
    ended = someone.dagc(*DOCTOR)
    assert ended.exit_code == 1, ended
    said = f"none has come to its end yet: `dagc rebuild --stack {STACK_NAME}` runs one."
    assert [line for line in ended.out.splitlines() if not line.startswith("✓ ")] == [
        f"✗ a rebuild has looked at all DAGs: {said}"
    ]
    rebuild(stack, Console(quiet=True))
    passed(someone.dagc(*DOCTOR))


def test_a_canary_passes_and_leaves_nothing(stack: Stack, someone: Person) -> None:
    said = passed(someone.dagc(*DOCTOR, "--canary"))
    assert [alike(line) for line in said] == [alike(line) for line in transcript()], said
    assert files.versions(stack).keys().isdisjoint(DAGS)
    wait_until_nothing_is_left(stack)
    assert {dags.read(stack, dag)["state"] for dag in DAGS} == {"removed"}


def test_what_an_earlier_canary_left_goes_first(stack: Stack, someone: Person) -> None:
    for row, item in CREATED.rows.items():
        assert item is not None
        put(stack, KINDS[row.table], dict(item))
    said = passed(someone.dagc(*DOCTOR, "--canary"))
    assert "canary removed what an earlier canary had left" in "\n".join(said)
    wait_until_nothing_is_left(stack)


def test_ctrl_c_leaves_nothing(stack: Stack, someone: Person) -> None:
    ended = someone.dagc(
        *DOCTOR, "--canary", interrupt_when=lambda: JOB_DAG in files.versions(stack)
    )
    assert ended.exit_code == 130, ended
    assert "The canary's rows are deleted" in ended.out
    wait_until_nothing_is_left(stack)


def test_somebody_elses_row_stays(stack: Stack, someone: Person) -> None:
    theirs = {"task_id": IDS[0], "task_name": "theirs", "task_type": "EMPTY"}
    put(stack, "task", theirs)
    ended = someone.dagc(*DOCTOR, "--canary")
    assert ended.exit_code == 1, ended
    assert f"mwaa_task[task_id='{IDS[0]}'] is somebody else's row" in ended.out
    assert rows(stack) == [theirs]
    stack.dynamodb.Table(stack.tables["task"]).delete_item(Key={"task_id": IDS[0]})


def test_edits_that_do_not_arrive_are_noticed(stack: Stack, someone: Person) -> None:
    switch(stack, on=False)
    ended = someone.dagc(*DOCTOR, "--canary", "--wait", 5)
    switch(stack, on=True)
    assert ended.exit_code == 1, ended
    assert "✗ edits of mwaa_task reach the compiler: the event source mapping is Dis" in ended.out
    # The job's own edit is compiled; that of its task is not.
    assert "✗ canary: edited: after 5 seconds job-dagc_canary is published" in ended.out
    assert "No compile has begun." in ended.out
    wait_until_nothing_is_left(stack)
