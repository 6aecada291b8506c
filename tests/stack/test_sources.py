"""Three streams start the function, and no failure of one record loses or blocks the others."""

import pytest

from tests.stack.template import resolved

KINDS = ["Task", "Job", "Scheduler"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_table_starts_the_function(kind: str) -> None:
    resources = resolved()["Resources"]
    event = resources["DagCompilerFunction"]["Properties"]["Events"][f"{kind}Edited"]
    assert event == {
        "Type": "DynamoDB",
        "Properties": {
            "Stream": f"{kind}Table.StreamArn",
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 1000,
            "MaximumBatchingWindowInSeconds": "0",
            "ParallelizationFactor": 1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": -1,
            "MaximumRecordAgeInSeconds": 3600,
            "DestinationConfig": {
                "OnFailure": {"Type": "SQS", "Destination": "DeadLetterQueue.Arn"}
            },
        },
    }
    stream = resources[f"{kind}Table"]["Properties"]["StreamSpecification"]
    assert stream == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_compilers_copies_are_limited_for_who_wants_that() -> None:
    def reserved(**parameters: str) -> object:
        compiler = resolved(**parameters)["Resources"]["DagCompilerFunction"]["Properties"]
        return compiler.get("ReservedConcurrentExecutions")

    assert reserved() is None
    assert reserved(CompilerConcurrency="3") == "3"


def test_a_window_is_for_who_wants_one() -> None:
    function = resolved(BatchingWindowSeconds="5")["Resources"]["DagCompilerFunction"]
    windows = {
        event["Properties"]["MaximumBatchingWindowInSeconds"]
        for event in function["Properties"]["Events"].values()
    }
    assert windows == {"5"}


def test_nothing_else_starts_it() -> None:
    events = resolved()["Resources"]["DagCompilerFunction"]["Properties"]["Events"]
    assert events.keys() == {f"{kind}Edited" for kind in KINDS}


def test_dead_letters_wait_for_as_long_as_a_queue_keeps_them() -> None:
    resources = resolved()["Resources"]
    queue = resources["DeadLetterQueue"]["Properties"]
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True
    # Nothing but a run of the redrive, which ends before its messages are seen again, takes any.
    redrive = resources["DagRedriveFunction"]["Properties"]
    assert queue["VisibilityTimeout"] >= redrive["Timeout"]
    assert "Events" not in redrive
    assert redrive["Environment"]["Variables"]["DEAD_LETTER_QUEUE_URL"] == "DeadLetterQueue"


@pytest.mark.parametrize(
    ("kind", "keys"),
    [("Task", ["task_id"]), ("Job", ["job_type", "job_id"]), ("Scheduler", ["schedule_id"])],
)
def test_the_tables_have_the_keys_of_the_originals(kind: str, keys: list[str]) -> None:
    table = resolved()["Resources"][f"{kind}Table"]["Properties"]
    assert table["TableName"] == f"mwaa_{kind.lower()}"
    assert [key["AttributeName"] for key in table["KeySchema"]] == keys
    assert table["AttributeDefinitions"] == [
        {"AttributeName": name, "AttributeType": "S"} for name in keys
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("environment", "protected"), [("dev", False), ("prod", True)])
def test_rows_survive_the_stack(kind: str, environment: str, protected: bool) -> None:  # noqa: FBT001
    table = resolved(Environment=environment)["Resources"][f"{kind}Table"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] is protected
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True
    }
