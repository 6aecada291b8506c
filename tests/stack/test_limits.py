"""What AWS takes at most, with the longest names and values that the parameters let pass."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dagc.cli.deploy import LONGEST_STACK_NAME
from dagc.cli.main import app
from tests.stack import template
from tests.stack.account_names import TABLES, account_names, in_account, policies_of_roles
from tests.stack.iam_simulator import listed
from tests.stack.template import TEMPLATE, parsed, resolved
from tests.stack.test_partitions import EVERYTHING

NAME = "s" * LONGEST_STACK_NAME
LIMITS = {
    "FunctionName": 64,
    "QueueName": 80,
    "TopicName": 256,
    "TableName": 255,
    "AlarmName": 255,
    "DashboardName": 255,
    "LogGroupName": 512,
    "Name": 80,
}
"""Of the names that the stack gives; `Name` is that of an MWAA environment."""


@pytest.fixture(autouse=True)
def longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack has the longest name that `dagc deploy` takes."""
    monkeypatch.setitem(template.PSEUDO, "AWS::StackName", NAME)


def longest_match(pattern: str, character: str = "x") -> int:
    """The most characters that a parameter's pattern lets pass."""
    return max(n for n in range(3000) if re.search(pattern, character * n))


def named(resources: dict[str, Any]) -> list[tuple[str, str]]:
    """Each name that a resource gets from the template, and what kind of name it is."""
    return [
        (kind, resource["Properties"][kind])
        for resource in resources.values()
        for kind in LIMITS
        if isinstance(resource["Properties"].get(kind), str)
    ]


def test_names_are_no_longer_than_aws_takes() -> None:
    prefix = "p" * longest_match(parsed()["Parameters"]["TablePrefix"]["AllowedPattern"])
    found = named(resolved(**EVERYTHING, TablePrefix=prefix)["Resources"])
    assert {kind for kind, _ in found} == LIMITS.keys()
    assert not [name for kind, name in found if len(name) > LIMITS[kind]]
    assert max(len(name) for kind, name in found if kind == "FunctionName") == 64


def test_a_longer_name_is_refused_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samconfig.toml").write_text(
        f'[dev.deploy.parameters]\nstack_name = "{NAME}x"\n', encoding="utf-8"
    )
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    result = CliRunner().invoke(app, ["deploy", "--env", "dev", "--team", str(tmp_path)])
    assert result.exit_code == 2
    assert "has 56 characters. It can have 55: Lambda takes 64" in " ".join(result.stderr.split())


def test_the_template_is_within_cloudformations_quotas() -> None:
    assert TEMPLATE.stat().st_size < 1_000_000, "SAM puts it into S3, and CloudFormation reads 1 MB"
    whole = parsed()
    assert len(whole["Parameters"]) <= 200
    assert len(whole["Outputs"]) <= 200
    assert len(whole["Mappings"]) <= 200
    # SAM makes a mapping of each event; at most 500 resources.
    assert len(resolved(**EVERYTHING)["Resources"]) + 3 <= 500
    assert len(whole["Description"]) <= 1024
    for parameter in whole["Parameters"].values():
        assert len(parameter["Description"]) <= 4000


PREFIX = "p" * 200
STREAMS = {
    f"Existing{kind}Stream": f"arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/{'t' * 255}"
    "/stream/2026-01-01T00:00:00.000"
    for kind in ("Task", "Job", "Scheduler")
}
KEY = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
LONGEST = {
    **EVERYTHING,
    "TablePrefix": PREFIX,
    "DagsPrefix": f"{'d' * (parsed()['Parameters']['DagsPrefix']['MaxLength'] - 1)}/",
    "ExistingBucket": "b" * 63,
    "ExistingTableKmsKey": KEY,
    "ExistingBucketKmsKey": KEY,
    "EventBusName": "e" * 256,
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """What the longest references are in the partition and the region with the longest names."""
    monkeypatch.setitem(template.PSEUDO, "AWS::Partition", "aws-us-gov")
    monkeypatch.setitem(template.PSEUDO, "AWS::Region", "us-gov-west-1")
    label = "2026-01-01T00:00:00.000"
    return account_names(PREFIX, label, LONGEST["ExistingBucket"], f"{NAME}-dead-letters")


def size(document: object, names: Mapping[str, str]) -> int:
    """As IAM counts it: without white space."""
    return len(re.sub(r"\s", "", json.dumps(in_account(document, names))))


@pytest.mark.parametrize("streams", [{}, STREAMS], ids=["our tables", "theirs"])
def test_policies_are_within_iams_quotas(streams: dict[str, str], names: Mapping[str, str]) -> None:
    """6,144 characters of a managed policy, 10,240 of all of a role's own, 2,048 of its trust."""
    resources = resolved(**LONGEST, **streams)["Resources"]
    for name, resource in resources.items():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            assert size(properties["PolicyDocument"], names) <= 6144, name
        if resource["Type"] == "AWS::IAM::Role":
            own = [policy["PolicyDocument"] for policy in properties["Policies"]]
            assert sum(size(document, names) for document in own) <= 10240, name
            assert size(properties["AssumeRolePolicyDocument"], names) <= 2048, name
            assert len(properties.get("ManagedPolicyArns", ())) <= 10, name


@pytest.mark.parametrize("streams", [{}, STREAMS], ids=["our tables", "theirs"])
def test_what_a_function_is_told_is_within_lambdas_quota(
    streams: dict[str, str], names: Mapping[str, str]
) -> None:
    """4,096 bytes of all names and values together."""
    tables = {reference: f"{PREFIX}{table}" for reference, table in TABLES.items()}
    queue = {
        "DeadLetterQueue": f"https://sqs.us-gov-west-1.amazonaws.com/123456789012/{NAME}-dead-letters"
    }
    for name, resource in resolved(**LONGEST, **streams)["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            variables = resource["Properties"]["Environment"]["Variables"]
            told = in_account(variables, {**names, **tables, **queue})
            assert sum(len(key) + len(str(value)) for key, value in told.items()) <= 4096, name


def test_no_function_makes_a_log_group() -> None:
    """So none is there before the stack, or after it: CloudFormation makes and removes them."""
    for role, statements in policies_of_roles().items():
        allowed = {action for it in statements for action in listed(it["Action"])}
        assert "logs:CreateLogGroup" not in allowed, role
    for resource in resolved()["Resources"].values():
        if resource["Type"] == "AWS::Logs::LogGroup":
            assert resource["DeletionPolicy"] == "Delete"
