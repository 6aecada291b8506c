"""`dagc apply` writes exactly the plan's rows, or says which had moved; then it has come true."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from dagc.compiler import Target
from tests.convergence.applied import WORLD, LiveStack, replaced
from tests.convergence.deployed import files, job, states, task
from tests.emulator.aws import Answer, Aws
from tests.emulator.invocation import Crash

EDIT = ("mwaa_task", task("1", "date"))
NEW = ("mwaa_job", job("3", "new", "1"))
WRITES = ("dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem")


@pytest.fixture
def stack(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LiveStack:
    """A stack with the rows of WORLD."""
    found = LiveStack(aws, tmp_path, monkeypatch)
    found.put(*WORLD)
    found.want(*replaced(EDIT, NEW))
    return found


def written(stack: LiveStack) -> int:
    """How many rows were written, or tried to be."""
    return sum(stack.calls[operation] for operation in WRITES)


def test_what_the_plan_said_is_there(stack: LiveStack) -> None:
    assert stack.plan().exit_code == 2
    result = stack.apply()
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "2 rows written.",
        "  job-load: changed, as planned",
        "  job-new: created, as planned",
        "2 of 2 DAGs as planned.",
    ]
    assert "date" in files(stack.aws)["job-load"]
    assert states(stack.aws)["job-new"] == "published"
    assert stack.plan().exit_code == 0
    again = stack.apply()
    assert (again.exit_code, again.stdout) == (0, "Nothing to do.\n")


def test_a_plan_that_was_applied_is_done(stack: LiveStack) -> None:
    stack.plan()
    stack.apply()
    stack.calls.clear()
    again = stack.apply()
    assert again.exit_code == 0
    assert again.stdout.startswith("0 rows written. 2 had it already.\n")
    assert not written(stack)


def test_rows_are_planned_and_applied_at_once(stack: LiveStack) -> None:
    result = stack.apply_rows()
    assert result.exit_code == 2
    assert "There is no terminal to ask" in result.stderr
    assert not written(stack)
    assert stack.apply_rows("--yes").exit_code == 0
    assert NEW[1] in stack.live("mwaa_job")


@pytest.mark.parametrize(
    ("typed", "exit_code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("maybe\ny\n", 0), ("", 130)]
)
def test_a_person_is_asked(
    stack: LiveStack, monkeypatch: pytest.MonkeyPatch, typed: str, exit_code: int
) -> None:
    monkeypatch.setattr("dagc.cli.apply_steps.apply_consent.is_attended", lambda: True)
    result = stack.apply_rows(typed=typed)
    assert result.exit_code == exit_code, result.output
    assert "Write 2 rows in dagc-test? [y/N]" in result.stderr
    assert "job-new" in result.stdout
    assert written(stack) == (0 if exit_code else 2)


@pytest.mark.parametrize(("typed", "exit_code"), [("1\n", 0), ("2\n", 1), ("y\n", 1), ("\n", 1)])
def test_a_person_types_how_many_files_go(
    stack: LiveStack, monkeypatch: pytest.MonkeyPatch, typed: str, exit_code: int
) -> None:
    monkeypatch.setattr("dagc.cli.apply_steps.apply_consent.is_attended", lambda: True)
    stack.want(*(entry for entry in WORLD if entry[1].get("job_id") != "2"))
    stack.plan("--delete-missing")
    result = stack.apply("--delete", typed=typed)
    assert result.exit_code == exit_code, result.output
    assert "Type the number of files that go" in result.stderr
    assert written(stack) == (0 if exit_code else 1)


def test_a_row_without_a_key_does_not_delete_another(stack: LiveStack) -> None:
    stack.want(*replaced(("mwaa_job", {"job_type": "a", "job_name": "load"})))
    assert stack.plan("--delete-missing").exit_code == 1
    _not_even_with_errors_allowed(stack, "has no job_id")


def test_a_key_that_stands_twice_is_not_written(stack: LiveStack) -> None:
    stack.want(*replaced(EDIT, ("mwaa_task", task("1", "other"))))
    _not_even_with_errors_allowed(stack, "the key stands twice")


def _not_even_with_errors_allowed(stack: LiveStack, said: str) -> None:
    """The rows in the folder: neither saved nor written, whatever is allowed."""
    saved = stack.plan("--delete-missing")
    assert saved.exit_code == 1
    assert "Not saved" in saved.stderr
    assert not stack.plan_file.exists()
    result = stack.apply_rows("--yes", "--delete", "--allow-errors")
    assert result.exit_code == 1
    assert said in result.stdout
    assert result.stderr.splitlines() == [
        "Nothing was written: not all rows can be (see above). Repair these."
    ]
    assert not written(stack)


def test_a_plan_that_cannot_be_made_leaves_none_of_before(stack: LiveStack) -> None:
    def leave_one() -> None:
        stack.want(*replaced(EDIT, NEW))
        assert stack.plan().exit_code == 2

    leave_one()
    stack.want(*replaced(("mwaa_task", task("1", note="x" * 500_000))))
    assert stack.plan().exit_code == 1
    assert not stack.plan_file.exists()
    leave_one()
    (stack.rows / "mwaa_task.json").write_text("{", encoding="utf-8")
    assert stack.plan().exit_code == 1
    assert not stack.plan_file.exists()
    leave_one()
    assert stack.plan("--format", "html").exit_code == 1
    assert not stack.plan_file.exists()
    leave_one()
    stack.aws.around.append(_failing("dynamodb.Scan", "AccessDeniedException"))
    denied = stack.plan()
    assert (denied.exit_code, len(denied.stderr.splitlines())) == (1, 1)
    assert not stack.plan_file.exists()


def test_a_file_that_is_no_plan_stays_where_none_can_be_made(stack: LiveStack) -> None:
    stack.plan_file.write_text("mine", encoding="utf-8")
    assert stack.plan("--format", "html").exit_code == 1
    assert stack.plan_file.read_text(encoding="utf-8") == "mine"


def test_the_saved_plan_is_named_with_the_options_that_it_needs(stack: LiveStack) -> None:
    assert f"`dagc apply {stack.plan_file}` writes it" in stack.plan().stderr
    broken = ("mwaa_job", job("1", "load", "1,404"))
    stack.want(*(entry for entry in replaced(broken) if entry[1].get("job_id") != "2"))
    said = f"`dagc apply {stack.plan_file} --delete --allow-errors` writes it"
    assert said in stack.plan("--delete-missing").stderr
    stack.want(*WORLD)
    assert "there is nothing to write" in stack.plan().stderr


def test_a_stack_that_was_deployed_anew_is_planned_anew(stack: LiveStack) -> None:
    stack.plan()
    stack.follower.deployment.dependencies.put_toolchain("templates=others", since=2**60)
    stack.calls.clear()
    result = stack.apply()
    assert result.exit_code == 2
    assert "dagc-test compiles otherwise since" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not written(stack)
    assert "Here the templates" in stack.apply_rows("--yes").stdout
    stack.want(*WORLD)
    stack.plan()
    assert stack.apply().exit_code in (0, 1)


def test_rows_that_are_applied_without_a_question_are_shown(stack: LiveStack) -> None:
    stack.want(*(entry for entry in replaced(EDIT) if entry[1].get("job_id") != "2"))
    result = stack.apply_rows("--yes", "--delete", "--format", "json")
    assert result.exit_code == 0, result.output
    assert [row["result"] for row in json.loads(result.stdout)["rows"]] == ["deleted", "written"]
    assert "job a/2 other is deleted" in result.stderr
    stack.want(*WORLD)
    shown = stack.apply_rows("--yes").stdout
    assert "job-other" in shown.partition("2 rows written.")[0]


def test_deletions_are_counted_as_deletions(stack: LiveStack) -> None:
    stack.want(*(entry for entry in replaced(EDIT) if entry[1].get("job_id") != "2"))
    stack.plan("--delete-missing")
    said = stack.apply("--delete", "--yes").stdout
    assert said.startswith("1 row written, 1 deleted.\n")


def test_a_refusal_for_errors_shows_them(stack: LiveStack) -> None:
    stack.want(*replaced(("mwaa_job", job("1", "load", "1,404"))))
    result = stack.apply_rows("--yes")
    assert result.exit_code == 1
    assert "404" in result.stdout.partition("job-load becomes invalid")[2]
    assert result.stderr.startswith("The plan has 1 error (see above). Repair these, or add")


def test_a_row_that_moved_keeps_all_from_being_written(stack: LiveStack) -> None:
    stack.plan()
    stack.put(("mwaa_task", task("1", "theirs")))
    stack.calls.clear()
    result = stack.apply()
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Nothing was written. Since the plan was made, somebody changed:",
        "  mwaa_task/1 has another task_params than the plan saw",
        "Plan again, and apply that plan.",
    ]
    assert not written(stack)
    found = json.loads(stack.apply("--format", "json").stdout)
    assert found["result"] == "moved"
    assert [row["result"] for row in found["rows"]] == ["not written", "moved"]


def test_people_s_own_attributes_count_when_all_is_checked(stack: LiveStack) -> None:
    stack.plan()
    stack.put(("mwaa_task", task("1", note="mine")))
    assert "mwaa_task/1 has another note" in stack.apply().stdout


def test_a_row_that_is_gone_or_there(stack: LiveStack) -> None:
    stack.plan()
    stack.aws.delete("mwaa_task", task("1"))
    stack.aws.put("mwaa_job", job("3", "theirs"))
    said = stack.apply().stdout
    assert "mwaa_task/1 is gone" in said
    assert "mwaa_job/a/3 is there, and was not when the plan was made" in said


def test_a_row_that_moves_between_the_check_and_the_write(stack: LiveStack) -> None:
    stack.plan()

    def meddle(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.PutItem":
            stack.aws.put("mwaa_job", job("3", "theirs"))
        return execute()

    stack.aws.around.append(meddle)
    result = stack.apply()
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "1 of 2 rows written.",
        "Stopped: mwaa_job/a/3 is there, and was not when the plan was made.",
        "Plan again, and apply that plan: what is written stays.",
    ]
    assert EDIT[1] in stack.live("mwaa_task")
    assert job("3", "theirs") in stack.live("mwaa_job")


def test_the_next_apply_completes_what_one_left(stack: LiveStack) -> None:
    stack.plan()
    stack.aws.around.append(_failing("dynamodb.PutItem", "InternalServerError"))
    result = stack.apply()
    assert result.exit_code == 1
    assert "1 of 2 rows written." in result.stdout
    assert "It is not known whether that row is written." in result.stdout
    assert "Apply the same plan again: it goes on where it stopped." in result.stdout
    stack.aws.around.pop()
    result = stack.apply()
    assert result.exit_code == 0
    assert result.stdout.startswith("1 row written. 1 had it already.\n")
    assert stack.plan().exit_code == 0


def test_a_process_that_ends_in_between(stack: LiveStack) -> None:
    stack.want(*replaced(*(("mwaa_task", task(str(number), "date")) for number in range(40))))
    stack.plan()

    def crash(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation in WRITES and written(stack) > 20:
            raise Crash(operation)
        return execute()

    stack.aws.around.append(crash)
    with pytest.raises(Crash):
        stack.apply()
    stack.aws.around.pop()
    already = sum("date" in str(row) for row in stack.live("mwaa_task"))
    assert 0 < already < 40
    result = stack.apply()
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{40 - already} rows written. {already} had it already.\n")
    assert stack.plan().exit_code == 0


def test_a_write_that_is_not_allowed(stack: LiveStack) -> None:
    stack.plan()
    stack.aws.around.append(_failing("dynamodb.UpdateItem", "AccessDeniedException"))
    result = stack.apply()
    assert result.exit_code == 1
    assert "Stopped: mwaa_task/1: An error occurred (AccessDeniedException)" in result.stdout
    assert ". Have it allowed to you, or use other credentials" in result.stdout
    assert "not known" not in result.stdout


def test_throttled_writes_go_on(stack: LiveStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagc.aws.backoff.time.sleep", lambda _: None)
    stack.plan()
    left = [1] * 5

    def throttled(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation in WRITES and left:
            left.pop()
            raise _refused("ProvisionedThroughputExceededException", operation)
        return execute()

    stack.aws.around.append(throttled)
    result = stack.apply()
    assert result.exit_code == 0
    assert result.stderr.count("DynamoDB takes no more writes for now") == 1


def test_deletions_have_to_be_allowed(stack: LiveStack) -> None:
    stack.want(*(entry for entry in WORLD if entry[1].get("job_id") != "2"))
    stack.plan("--delete-missing")
    result = stack.apply()
    assert result.exit_code == 1
    assert result.stderr == "The plan deletes 1 row: if that is meant, add --delete.\n"
    assert not written(stack)
    refused = stack.apply("--delete")
    assert refused.exit_code == 2
    assert "This removes 1 of 3 files, more than the 20 percent" in refused.stderr
    assert not written(stack)
    assert stack.apply("--delete", "--yes").exit_code == 0
    assert set(files(stack.aws)) == {"job-load", "schedule-daily"}


def test_rows_that_the_folder_lacks_stay_unless_deletions_are_allowed(stack: LiveStack) -> None:
    stack.want(*(entry for entry in WORLD if entry[1].get("job_id") != "2"))
    assert stack.apply_rows("--yes").stdout == "Nothing to do.\n"
    assert stack.apply_rows("--yes", "--delete").exit_code == 0
    assert set(files(stack.aws)) == {"job-load", "schedule-daily"}


def test_errors_have_to_be_allowed(stack: LiveStack) -> None:
    stack.want(*replaced(("mwaa_job", job("1", "load", "1,404"))))
    assert stack.plan().exit_code == 1
    result = stack.apply()
    assert result.exit_code == 1
    assert "The plan has 1 error: `dagc plan` shows them." in result.stderr
    assert not written(stack)
    result = stack.apply("--allow-errors")
    assert result.exit_code == 0, result.output
    assert "job-load: becomes invalid, as planned" in result.stdout


def test_another_outcome_is_an_error(stack: LiveStack) -> None:
    """The deployed toolchain is another one: its files differ from those of the plan."""
    stack.plan()
    tools = stack.follower.deployment.toolchain
    stack.follower.deployment = stack.follower.deployment._replace(
        toolchain=tools._replace(target=Target(2, 11))
    )
    result = stack.apply("--wait", "2", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["result"] == "differs"
    assert {dag["result"] for dag in found["dags"]} == {"differs"}
    assert found["dags"][0]["planned"]["sha256"] != found["dags"][0]["became"]["sha256"]


def test_where_nothing_arrives(stack: LiveStack) -> None:
    stack.plan()
    stack.has_streams = False
    result = stack.apply("--wait", "1")
    assert result.exit_code == 1
    assert "job-new: created, not compiled yet: is not there, planned was" in result.stdout
    assert "docs/runbook.md" in result.stdout
    assert stack.aws.rows("mwaa_job")


def test_what_became_of_the_dags_cannot_be_read(stack: LiveStack) -> None:
    stack.plan()
    seen = []

    def failing(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.BatchGetItem" and "mwaa_dag" in parameters["RequestItems"]:
            seen.append(operation)
            if len(seen) == 2:
                raise _refused("AccessDeniedException", operation)
        return execute()

    stack.aws.around.append(failing)
    result = stack.apply()
    assert result.exit_code == 1
    assert result.stdout.startswith("2 rows written.\nWhat became of the DAGs cannot be read: An")


def test_nobody_waits(stack: LiveStack) -> None:
    stack.plan()
    stack.has_streams = False
    result = stack.apply("--wait", "0")
    assert (result.exit_code, result.stdout) == (0, "2 rows written.\n")


def test_what_dynamodb_would_not_take_is_refused_first(stack: LiveStack) -> None:
    stack.want(*replaced(("mwaa_task", task("1", note="x" * 500_000)), NEW))
    said = "error[too-large] mwaa_task[task_id='1'].note"
    looked = stack.run("plan", "--stack", "dagc-test", "--rows", stack.rows)
    assert (looked.exit_code, looked.stdout.count(said)) == (1, 1)
    assert stack.calls["dynamodb.DescribeTable"] == 0
    assert said in stack.plan().stdout
    _not_even_with_errors_allowed(stack, said)


def test_the_order_of_writes_and_their_number(stack: LiveStack) -> None:
    stack.plan()
    stack.calls.clear()
    stack.apply()
    counted = {name: count for name, count in stack.calls.items() if name in WRITES}
    assert counted == {"dynamodb.UpdateItem": 1, "dynamodb.PutItem": 1}
    assert stack.calls["dynamodb.DescribeTable"] == 3


def test_a_thousand_rows(stack: LiveStack) -> None:
    tasks = [("mwaa_task", task(str(number), "date")) for number in range(1000)]
    stack.want(*replaced(*tasks))
    stack.plan()
    stack.calls.clear()
    result = stack.apply()
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("1,000 rows written.\n")
    reads = sum(count for name, count in stack.calls.items() if name not in WRITES)
    assert written(stack) == 1000
    assert reads < 20
    assert len(result.stdout.splitlines()) < 10


def _refused(code: str, operation: str) -> ClientError:
    status = {"HTTPStatusCode": 500 if code == "InternalServerError" else 400}
    answer: Answer = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": status}
    return ClientError(answer, operation)  # type: ignore[arg-type]


def _failing(operation: str, code: str) -> Callable[..., Answer]:
    def around(called: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if called == operation:
            raise _refused(code, operation)
        return execute()

    return around


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "a plan file, or --stack NAME with --rows FOLDER"),
        (["PLAN", "--rows", "."], "a plan file, or --rows FOLDER. Not both."),
        (["PLAN", "--stack", "dagc-prod"], "is a plan for dagc-test, not for dagc-prod"),
        (["no.json"], "Cannot read no.json: no such file or directory."),
        (["."], "is a folder: name a plan file"),
        (["pyproject.toml"], "is no plan, or cut off"),
        (["docs/images/airflow.png"], "is no plan: name a file"),
        (["--stack", "dagc-test"], "Say which rows are wanted"),
    ],
)
def test_wrong_usage(stack: LiveStack, words: list[str], said: str) -> None:
    stack.plan()
    here = [stack.plan_file if word == "PLAN" else word for word in words]
    result = stack.run("apply", *here)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_plan_for_another_account(stack: LiveStack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.plan()
    monkeypatch.setattr(
        "dagc.aws.row_tables.RowTables.arn",
        lambda _, table: f"arn:aws:dynamodb:eu-west-1:123456789012:table/{table}",
    )
    result = stack.apply()
    assert result.exit_code == 2
    assert "is a plan for region eu-central-1, account 123456789012" in result.stderr
    assert "are for region eu-west-1, account 123456789012" in result.stderr
    assert not written(stack)


def test_access_denied(stack: LiveStack) -> None:
    stack.plan()
    stack.aws.around.append(_failing("dynamodb.BatchGetItem", "AccessDeniedException"))
    result = stack.apply()
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "Cannot read the tables of dagc-test" in result.stderr
