"""The functions as they are deployed, under the roles of the stack and nothing else: all works."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo import dags, files, function_log
from demo.deploy import EXAMPLES, STACK_NAME
from demo.rebuild import rebuild
from demo.rows import Row, dag_ids, find, load, put, read_rows
from demo.stack import Stack
from demo.waiting import wait_until
from tests.stack.dead_letters import edits_of, send_dead_letter
from tests.stack.enforcing import admit_plain_requests, enforced
from tests.stack.people import Person, person
from tests.stack.template import ROOT

ROWS = read_rows(ROOT / "examples" / "rows")
QUIET = Console(quiet=True)
NOTHING = {"redriven": 0, "expired": 0, "failed": 0, "in_flight": 0}


@pytest.fixture(scope="module")
def stack(built: Path) -> Iterator[Stack]:
    """Our stack, with the rows of the examples as files."""
    with enforced(built) as deployed:
        admit_plain_requests(deployed)
        load(deployed, ROWS, QUIET)
        wait_until(
            lambda: published(deployed),
            lambda found: found == dag_ids(ROWS),
            "every example to be published",
            lambda found: f"{len(found)} are",
        )
        yield deployed


def published(stack: Stack) -> set[str]:
    return {dag for dag, state in dags.states(stack).items() if state == "published"}


def settled(stack: Stack, dag: str, state: str, after: dags.Dag) -> dags.Dag:
    """The row of `dag`, when it has come to that state since it was `after`."""
    return dags.wait_for(
        stack,
        dag,
        state,
        lambda row: row.get("state") == state and row.get("settled", 0) > after["settled"],
    )


def redrive(stack: Stack) -> dict[str, Any]:
    answer = stack.lambda_.invoke(FunctionName=stack.functions["redrive"], Payload=b"{}")
    text = answer["Payload"].read()
    assert "FunctionError" not in answer, text
    counts: dict[str, Any] = json.loads(text)
    return counts


def test_the_rows_are_files(stack: Stack) -> None:
    assert files.versions(stack).keys() == dag_ids(ROWS)


def test_a_task_changes_the_job_that_reads_it(stack: Stack) -> None:
    before = dags.read(stack, "job-mart_sales")
    row: Row = {**find(ROWS, "task", task_id="301"), "task_params": {"sql": ["SELECT 'edited'"]}}
    put(stack, "task", row)
    # Not `settled`: the last of the loaded rows may still be on their way.
    after = dags.wait_for(
        stack, "job-mart_sales", "new", lambda row: row.get("sha256") != before["sha256"]
    )
    file = files.read(stack, "job-mart_sales")
    assert "SELECT 'edited'" in file.text
    assert after["version"] == file.version != before["version"]


def test_a_mistake_is_reported_and_its_repair_is_seen(stack: Stack) -> None:
    row = find(ROWS, "job", job_type="export", job_id="40")
    dag = f"job-{row['job_name']}"
    good = dags.read(stack, dag)
    put(stack, "job", {**row, "job_params": {"schedul": "@daily"}})
    wrong = settled(stack, dag, "invalid", good)
    assert wrong["diagnostics"]
    assert wrong["version"] == files.read(stack, dag).version == good["version"]
    put(stack, "job", row)
    assert "diagnostics" not in settled(stack, dag, "published", wrong)


def test_a_disabled_job_has_no_file(stack: Stack) -> None:
    row = find(ROWS, "job", job_type="export", job_id="40")
    dag = f"job-{row['job_name']}"
    put(stack, "job", {**row, "status": 0})
    disabled = settled(stack, dag, "disabled", dags.read(stack, dag))
    assert dag not in files.versions(stack)
    put(stack, "job", row)
    settled(stack, dag, "published", disabled)
    assert dag in files.versions(stack)


def test_a_rebuild_repairs_what_is_not_as_the_rows_say(stack: Stack) -> None:
    rebuild(stack, QUIET)
    dag = "schedule-weekly_close"
    before = files.read(stack, dag)
    files.delete(stack, dag)
    counts = rebuild(stack, QUIET)
    assert (counts["published"], counts["compiled"]) == (1, 1)
    assert files.read(stack, dag).text == before.text
    files.write(stack, dag, "# by hand")
    assert rebuild(stack, QUIET)["published"] == 0
    assert dags.read(stack, dag)["state"] == "blocked"
    files.delete(stack, dag)
    assert rebuild(stack, QUIET)["published"] == 1


def test_a_rebuild_notices_a_stream_that_was_stopped(stack: Stack) -> None:
    assert "stream stopped" not in function_log.tail(stack, 10_000)
    mappings = stack.lambda_.list_event_source_mappings(FunctionName=stack.functions["compiler"])
    (mapping,) = (
        found["UUID"]
        for found in mappings["EventSourceMappings"]
        if f"/{stack.tables['job']}/" in found["EventSourceArn"]
    )
    stack.lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    rebuild(stack, QUIET)
    stack.lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)
    wait_until(
        lambda: function_log.tail(stack, 10_000),
        lambda log: "the event source mapping is Disabled" in log,
        "the rebuild to log the stream that was stopped",
        lambda log: log,
    )


@pytest.fixture
def any_stream(stack: Stack) -> None:
    """The redrive's role may read any stream: ministack takes no policy that names one."""
    function = stack.lambda_.get_function_configuration(FunctionName=stack.functions["redrive"])
    actions = ["dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    stack.aws.session().client("iam", endpoint_url=stack.aws.endpoint).put_role_policy(
        RoleName=function["Role"].rpartition("/")[2],
        PolicyName="any-stream",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )


def test_no_dead_letters(stack: Stack) -> None:
    assert redrive(stack) == NOTHING


@pytest.mark.usefixtures("any_stream")
@pytest.mark.parametrize("expired", [False, True])
def test_dead_letters_are_compiled(stack: Stack, expired: bool) -> None:  # noqa: FBT001
    """From the stream; or, when that does not hold it any more, by a rebuild."""
    row = find(ROWS, "job", job_type="export", job_id="41")
    dag = f"job-{row['job_name']}"
    files.delete(stack, dag)
    # With its record, no compile would look whether the file is there.
    stack.dynamodb.Table(stack.tables["dag"]).delete_item(Key={"dag_id": dag})
    batch = edits_of(stack, "41")
    if expired:
        batch["streamArn"] = f"{batch['streamArn'].rpartition('/')[0]}/2024-01-01T00:00:00.000"
    send_dead_letter(stack, batch)
    assert redrive(stack) == {**NOTHING, "expired" if expired else "redriven": 1}
    assert dag in files.versions(stack)
    assert redrive(stack) == NOTHING


@pytest.fixture(scope="module")
def someone(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Somebody with the documented permissions of `dagc plan` and `dagc apply`."""
    return person(stack, tmp_path_factory.mktemp("someone"))


def test_people_plan_and_apply_with_no_more_permissions_than_these(someone: Person) -> None:
    rows = shutil.copytree(EXAMPLES / "rows", someone.folder / "edited")
    tasks = rows / "mwaa_task.yaml"
    tasks.write_text(tasks.read_text("utf-8").replace("(ds, -2)", "(ds, -9)"), "utf-8")
    plan = someone.folder / "plan.json"
    of_rows = ["--stack", STACK_NAME, "--team", EXAMPLES, "--rows", rows]
    planned = someone.dagc("plan", *of_rows, "--out", plan)
    assert planned.exit_code == 2, planned
    applied = someone.dagc("apply", plan, "--format", "json")
    assert applied.exit_code == 0, applied
    found = json.loads(applied.out)
    assert found["result"] == "as planned"
    assert "job-mart_sales" in {dag["dag_id"] for dag in found["dags"]}
    assert someone.dagc("plan", *of_rows).exit_code == 0
    again = someone.dagc("apply", *of_rows, "--yes", "--delete")
    assert (again.exit_code, again.out) == (0, "Nothing to do.\n")


def test_ctrl_c_says_what_is_written_and_the_next_apply_goes_on(
    stack: Stack, someone: Person
) -> None:
    rows = shutil.copytree(EXAMPLES / "rows", someone.folder / "many")
    new = [{"task_id": f"new-{n}", "task_name": "t", "task_type": "EMPTY"} for n in range(1000)]
    with (rows / "mwaa_task.yaml").open("a", encoding="utf-8") as tasks:
        tasks.writelines(f"- {json.dumps(row)}\n" for row in new)
    plan = someone.folder / "many.json"
    of_rows = ["--stack", STACK_NAME, "--team", EXAMPLES, "--rows", rows]
    planned = someone.dagc("plan", *of_rows, "--out", plan)
    assert planned.exit_code == 2, planned
    table = stack.dynamodb.Table(stack.tables["task"])

    def written() -> int:
        return sum(
            str(row["task_id"]).startswith("new-")
            for row in table.scan(ConsistentRead=True)["Items"]
        )

    stopped = someone.dagc("apply", plan, interrupt_when=lambda: written() > 20)
    assert stopped.exit_code == 130, stopped
    said = re.match(r"Interrupted\.\n(\d+) of 1,0(\d\d) rows written\.\n", stopped.out)
    assert said, stopped
    others = int(said[2])
    assert int(said[1]) - others <= written() <= int(said[1])
    assert "Not written:\n  mwaa_task/new-" in stopped.out
    done = someone.dagc("apply", plan, "--wait", 0)
    assert done.exit_code == 0, done
    assert "had it already." in done.out
    assert written() == 1000
    assert max(planned.mebibytes, done.mebibytes) < 300
