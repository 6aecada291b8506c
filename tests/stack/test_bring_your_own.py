"""A team's own tables and bucket take the place of ours, in the function and in its policy."""

from itertools import product

import pytest

from tests.stack.template import resolved

TABLES = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/"
KINDS = ["Task", "Job", "Scheduler"]


def stream(kind: str) -> str:
    return f"{TABLES}theirs_{kind.lower()}/stream/2024-01-01T00:00:00.000"


@pytest.mark.parametrize("own", list(product([False, True], repeat=3)))
def test_each_table_is_ours_or_theirs(own: tuple[bool, bool, bool]) -> None:
    theirs = {kind for kind, is_own in zip(KINDS, own, strict=True) if is_own}
    stack = resolved(**{f"Existing{kind}Stream": stream(kind) for kind in theirs})
    resources = stack["Resources"]
    read, follow, *_ = resources["DagCompilerRole"]["Properties"]["Policies"][0]["PolicyDocument"][
        "Statement"
    ]
    function = resources["DagCompilerFunction"]["Properties"]
    for position, kind in enumerate(KINDS):
        is_theirs = kind in theirs
        name = f"theirs_{kind.lower()}" if is_theirs else f"{kind}Table"
        arn = TABLES + name if is_theirs else f"{kind}Table.Arn"
        source = stream(kind) if is_theirs else f"{kind}Table.StreamArn"
        assert (f"{kind}Table" in resources) is not is_theirs
        assert read["Resource"][position] == arn
        assert follow["Resource"][position] == source
        assert function["Events"][f"{kind}Edited"]["Properties"]["Stream"] == source
        assert function["Environment"]["Variables"][f"{kind.upper()}_TABLE"] == name
        assert stack["Outputs"][f"{kind}TableName"]["Value"] == name


def test_their_bucket() -> None:
    stack = resolved(ExistingBucket="their-mwaa", DagsPrefix="dags/made/")
    resources = stack["Resources"]
    assert not {"DagBucket", "DagBucketPolicy"} & resources.keys()
    policy = resources["DagCompilerRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    by_sid = {statement["Sid"]: statement for statement in policy["Statement"]}
    assert by_sid["WriteTheDags"]["Resource"] == "arn:aws-cn:s3:::their-mwaa/dags/made/*"
    assert by_sid["ListTheDags"]["Resource"] == "arn:aws-cn:s3:::their-mwaa"
    variables = resources["DagCompilerFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["DAG_BUCKET"] == stack["Outputs"]["DagBucketName"]["Value"] == "their-mwaa"


def test_our_tables_take_a_prefix() -> None:
    resources = resolved(TablePrefix="uat_")["Resources"]
    names = [resources[f"{kind}Table"]["Properties"]["TableName"] for kind in KINDS]
    assert names == ["uat_task", "uat_job", "uat_scheduler"]
