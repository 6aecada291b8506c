"""A team's own tables and bucket take the place of ours, in the functions and in their policies."""

import re
from itertools import product

import pytest

from tests.stack.template import parsed, refusals, resolved
from tests.stack.test_least_privilege import FUNCTIONS, statements

TABLES = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/"
KINDS = ["Task", "Job", "Scheduler"]


def stream(kind: str) -> str:
    return f"{TABLES}theirs_{kind.lower()}/stream/2024-01-01T00:00:00.000"


@pytest.mark.parametrize("own", list(product([False, True], repeat=3)))
def test_each_table_is_ours_or_theirs(own: tuple[bool, bool, bool]) -> None:
    theirs = {kind for kind, is_own in zip(KINDS, own, strict=True) if is_own}
    parameters = {f"Existing{kind}Stream": stream(kind) for kind in theirs}
    stack = resolved(**parameters)
    resources = stack["Resources"]
    compiler, redrive = statements("Compiler", **parameters), statements("Redrive", **parameters)
    function = resources["DagCompilerFunction"]["Properties"]
    for position, kind in enumerate(KINDS):
        is_theirs = kind in theirs
        name = f"theirs_{kind.lower()}" if is_theirs else f"{kind}Table"
        arn = TABLES + name if is_theirs else f"{kind}Table.Arn"
        source = stream(kind) if is_theirs else f"{kind}Table.StreamArn"
        assert (f"{kind}Table" in resources) is not is_theirs
        assert compiler["ReadTheRows"]["Resource"][position] == arn
        assert redrive["ScanTheTables"]["Resource"][position] == arn
        assert compiler["FollowTheStreams"]["Resource"][position] == source
        assert redrive["ReadTheStreams"]["Resource"][position] == f"{arn}/stream/*"
        assert function["Events"][f"{kind}Edited"]["Properties"]["Stream"] == source
        assert function["Environment"]["Variables"][f"{kind.upper()}_TABLE"] == name
        assert stack["Outputs"][f"{kind}TableName"]["Value"] == name


def test_their_bucket() -> None:
    stack = resolved(ExistingBucket="their-mwaa", DagsPrefix="dags/made/")
    resources = stack["Resources"]
    assert not {"DagBucket", "DagBucketPolicy"} & resources.keys()
    for function in FUNCTIONS:
        allowed = statements(function, ExistingBucket="their-mwaa", DagsPrefix="dags/made/")
        assert allowed["WriteTheDags"]["Resource"] == "arn:aws-cn:s3:::their-mwaa/dags/made/*"
        assert allowed["ListTheDags"]["Resource"] == "arn:aws-cn:s3:::their-mwaa"
    variables = resources["DagCompilerFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["DAG_BUCKET"] == stack["Outputs"]["DagBucketName"]["Value"] == "their-mwaa"


@pytest.mark.parametrize("key", ["", "arn:aws-cn:kms:cn-north-1:123456789012:key/theirs"])
def test_their_table_of_runs(key: str) -> None:
    arn = f"{TABLES}their_runs"
    chosen = {"ExistingRunTable": arn, "ExistingTableKmsKey": key, "CreateMwaaEnvironment": "true"}
    stack = resolved(**chosen, RunTableDays="30")
    resources = stack["Resources"]
    assert "RunTable" not in resources
    assert stack["Outputs"]["RunTableName"]["Value"] == "their_runs"
    record, *more = resources["RunHistoryPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert record["Resource"] == arn
    assert [(it["Action"], it["Resource"]) for it in more] == (
        [("kms:Decrypt", key)] if key else []
    )
    options = resources["MwaaEnvironment"]["Properties"]["AirflowConfigurationOptions"]
    assert options["dagc.run_table"] == "their_runs"
    assert options["dagc.run_table_days"] == "30"


def test_their_key_is_not_for_our_table_of_runs() -> None:
    key = "arn:aws-cn:kms:cn-north-1:123456789012:key/theirs"
    policy = resolved(ExistingTableKmsKey=key)["Resources"]["RunHistoryPolicy"]["Properties"]
    assert len(policy["PolicyDocument"]["Statement"]) == 1


def test_our_tables_take_a_prefix() -> None:
    resources = resolved(TablePrefix="uat_")["Resources"]
    names = {
        resource["Properties"]["TableName"]
        for resource in resources.values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }
    tables = {"task", "job", "scheduler", "dag", "dag_dependency", "run"}
    assert names == {f"uat_{table}" for table in tables}


def test_the_longest_prefix_leaves_names_that_dynamodb_takes() -> None:
    pattern = parsed()["Parameters"]["TablePrefix"]["AllowedPattern"]
    longest = next(length for length in range(255, 0, -1) if re.search(pattern, "x" * length))
    assert longest + len("dag_dependency") <= 255


def test_their_topic() -> None:
    topic = "arn:aws-cn:sns:cn-north-1:123456789012:pager"
    stack = resolved(ExistingAlarmTopic=topic)
    kinds = {resource["Type"] for resource in stack["Resources"].values()}
    assert not {"AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::KMS::Key"} & kinds
    assert stack["Outputs"]["AlarmTopicArn"]["Value"] == topic
    assert not refusals(ExistingAlarmTopic=topic)
    assert refusals(ExistingAlarmTopic=topic, AlarmEmail="a@example.com")
