"""What the function may do: exactly this, on exactly these resources."""

from typing import Any

from tests.stack.template import resolved

KEY = "arn:aws:kms:eu-central-1:123456789012:key/0f0f0f0f-0000-4000-8000-000000000000"


def statements(**parameters: str) -> dict[str, dict[str, Any]]:
    role = resolved(**parameters)["Resources"]["DagCompilerRole"]["Properties"]
    assert role.keys() == {"AssumeRolePolicyDocument", "Policies"}
    (policy,) = role["Policies"]
    return {statement.pop("Sid"): statement for statement in policy["PolicyDocument"]["Statement"]}


def test_exactly_what_compiling_needs() -> None:
    assert statements() == {
        "ReadTheTables": {
            "Effect": "Allow",
            "Action": [
                "dynamodb:BatchGetItem",
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:Scan",
            ],
            "Resource": ["TaskTable.Arn", "JobTable.Arn", "SchedulerTable.Arn"],
        },
        "FollowTheirStreams": {
            "Effect": "Allow",
            "Action": [
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            "Resource": ["TaskTable.StreamArn", "JobTable.StreamArn", "SchedulerTable.StreamArn"],
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
        "WriteTheLog": {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "DagCompilerLogGroup.Arn",
        },
    }


def test_only_lambda_takes_the_role() -> None:
    role = resolved()["Resources"]["DagCompilerRole"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]


def test_sam_adds_no_policy_of_its_own() -> None:
    function = resolved()["Resources"]["DagCompilerFunction"]["Properties"]
    assert function["Role"] == "DagCompilerRole.Arn"
    assert "Policies" not in function


def test_a_key_is_used_only_where_there_is_one() -> None:
    with_key = statements(ExistingKmsKey=KEY)
    assert with_key["UseTheKey"] == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": KEY,
    }
    assert with_key.keys() - statements().keys() == {"UseTheKey"}


def test_the_bucket_is_private_and_versioned() -> None:
    resources = resolved()["Resources"]
    bucket = resources["DagBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (statement,) = resources["DagBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == ["DagBucket.Arn", "DagBucket.Arn/*"]
