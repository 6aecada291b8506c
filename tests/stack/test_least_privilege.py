"""What each function may do: exactly this, on exactly these resources."""

from typing import Any

import pytest

from tests.stack.template import resolved

KEY = "arn:aws:kms:eu-central-1:123456789012:key/0f0f0f0f-0000-4000-8000-000000000000"
FUNCTIONS = ["Compiler", "Rebuild", "Redrive"]

COMPILE = {
    "ReadTheRows": {
        "Effect": "Allow",
        "Action": ["dynamodb:BatchGetItem", "dynamodb:DescribeTable"],
        "Resource": ["TaskTable.Arn", "JobTable.Arn", "SchedulerTable.Arn"],
    },
    "ReadOn": {
        "Effect": "Allow",
        "Action": "dynamodb:Scan",
        "Resource": ["JobTable.Arn", "SchedulerTable.Arn"],
    },
    "KeepTheStates": {
        "Effect": "Allow",
        "Action": ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        "Resource": "DagTable.Arn",
    },
    "KeepTheDependencies": {
        "Effect": "Allow",
        "Action": [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:PartiQLDelete",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        ],
        "Resource": "DagDependencyTable.Arn",
    },
    "WriteTheDags": {
        "Effect": "Allow",
        "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws-cn:s3:::DagBucket/dags/generated/*",
    },
    "ListTheDags": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws-cn:s3:::DagBucket",
        "Condition": {"StringLike": {"s3:prefix": "dags/generated/*"}},
    },
    "PublishEvents": {
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Resource": "arn:aws-cn:events:cn-north-1:123456789012:event-bus/default",
        "Condition": {
            "ForAllValues:StringEquals": {"events:source": "dagc"},
            "Null": {"events:source": "false"},
        },
    },
}
REBUILD = {
    "ListTheJobRows": {
        "Effect": "Allow",
        "Action": "dynamodb:PartiQLInsert",
        "Resource": "DagDependencyTable.Arn",
    },
    "ScanTheTables": {
        "Effect": "Allow",
        "Action": "dynamodb:Scan",
        "Resource": [
            *("TaskTable.Arn", "JobTable.Arn", "SchedulerTable.Arn"),
            *("DagTable.Arn", "DagDependencyTable.Arn"),
        ],
    },
}
MAPPINGS = [f"DagCompilerFunction{kind}Edited" for kind in ("Task", "Job", "Scheduler")]
STREAMS = ["TaskTable.StreamArn", "JobTable.StreamArn", "SchedulerTable.StreamArn"]
OWN: dict[str, dict[str, Any]] = {
    "Compiler": {
        **COMPILE,
        "FollowTheStreams": {
            "Effect": "Allow",
            "Action": [
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            "Resource": STREAMS,
        },
        "SendDeadLetters": {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "DeadLetterQueue.Arn",
        },
    },
    "Rebuild": {
        **COMPILE,
        **REBUILD,
        "WatchTheStreams": {
            "Effect": "Allow",
            "Action": "lambda:GetEventSourceMapping",
            "Resource": [
                f"arn:aws-cn:lambda:cn-north-1:123456789012:event-source-mapping:{mapping}"
                for mapping in MAPPINGS
            ],
        },
    },
    "Redrive": {
        **COMPILE,
        **REBUILD,
        "ReadTheStreams": {
            "Effect": "Allow",
            "Action": ["dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            "Resource": [f"{kind}Table.Arn/stream/*" for kind in ("Task", "Job", "Scheduler")],
        },
        "EmptyTheQueue": {
            "Effect": "Allow",
            "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            "Resource": "DeadLetterQueue.Arn",
        },
    },
}


def statements(function: str, **parameters: str) -> dict[str, dict[str, Any]]:
    """What the function's role allows, by the names of the statements."""
    resources = resolved(**parameters)["Resources"]
    role = resources[f"Dag{function}Role"]["Properties"]
    assert role.keys() == {"AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies"}
    shared = [resources[name]["Properties"]["PolicyDocument"] for name in role["ManagedPolicyArns"]]
    own = [policy["PolicyDocument"] for policy in role["Policies"]]
    found = [statement for document in shared + own for statement in document["Statement"]]
    by_sid = {statement.pop("Sid"): statement for statement in found}
    assert len(by_sid) == len(found)
    return by_sid


@pytest.mark.parametrize("function", FUNCTIONS)
def test_exactly_what_it_needs(function: str) -> None:
    log = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"Dag{function}LogGroup.Arn",
    }
    assert statements(function) == {**OWN[function], "WriteTheLog": log}


def test_airflow_may_record_its_runs_and_nothing_else() -> None:
    stack = resolved()
    policy = stack["Resources"]["RunHistoryPolicy"]["Properties"]["PolicyDocument"]
    assert policy["Statement"] == [
        {
            "Sid": "RecordTheRuns",
            "Effect": "Allow",
            "Action": ["dynamodb:Query", "dynamodb:UpdateItem"],
            "Resource": "RunTable.Arn",
        }
    ]
    assert stack["Outputs"]["RunHistoryPolicyArn"]["Value"] == "RunHistoryPolicy"
    assert stack["Outputs"]["RunTableName"]["Value"] == "RunTable"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_lambda_takes_the_role(function: str) -> None:
    role = resolved()["Resources"][f"Dag{function}Role"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_sam_adds_no_policy_of_its_own(function: str) -> None:
    properties = resolved()["Resources"][f"Dag{function}Function"]["Properties"]
    assert properties["Role"] == f"Dag{function}Role.Arn"
    assert "Policies" not in properties


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("parameter", "statement", "actions", "service"),
    [
        ("ExistingTableKmsKey", "UseTheTablesKey", "kms:Decrypt", "dynamodb"),
        ("ExistingBucketKmsKey", "UseTheBucketsKey", ["kms:Decrypt", "kms:GenerateDataKey"], "s3"),
    ],
)
def test_a_key_is_used_only_where_there_is_one(
    function: str, parameter: str, statement: str, actions: object, service: str
) -> None:
    """And only by way of the service whose data it encrypts: it may be one key for everything."""
    with_key = statements(function, **{parameter: KEY})
    used = with_key.pop(statement)
    via = {"StringEquals": {"kms:ViaService": f"{service}.cn-north-1.amazonaws.com.cn"}}
    assert used == {"Effect": "Allow", "Action": actions, "Resource": KEY, "Condition": via}
    assert with_key == statements(function)


def test_no_policy_has_a_name() -> None:
    """Named ones would ask for more than the capability CAPABILITY_IAM."""
    for name, resource in resolved(CreateMwaaEnvironment="true")["Resources"].items():
        if resource["Type"].startswith("AWS::IAM::"):
            assert not {"RoleName", "ManagedPolicyName"} & resource["Properties"].keys(), name


def test_the_bucket_is_private_and_versioned() -> None:
    resources = resolved()["Resources"]
    bucket = resources["DagBucket"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert resources["DagBucket"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("policy", ["DagBucketPolicy", "DeadLetterQueuePolicy", "AlarmTopicPolicy"])
def test_only_over_tls(policy: str) -> None:
    document = resolved()["Resources"][policy]["Properties"]["PolicyDocument"]
    denied = document["Statement"][-1]
    assert denied["Effect"] == "Deny"
    assert denied["Principal"] == "*"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
