"""Every statement says something to IAM: actions that there are, on resources that they have, under
conditions that they know; by AWS's service authorization reference.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.stack.account_names import account_names, in_account, policies_of_roles
from tests.stack.iam_simulator import listed, matches
from tests.stack.template import ROOT, resolved
from tests.stack.test_partitions import EVERYTHING

KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/0f0f0f0f-0000-4000-8000-000000000000"
KEYS = {"ExistingTableKmsKey": KEY, "ExistingBucketKmsKey": KEY}
RUN_TABLE = {"ExistingRunTable": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/theirs"}
NAMES = account_names("mwaa_", "2026-01-01T00:00:00.000", "the-bucket", "dead-letters")
SERVICES = ("airflow", "cloudwatch", "dynamodb", "events", "kms", "lambda", "logs", "s3", "sqs")
OF_ROLES = {
    name: in_account(statements, NAMES)
    for name, statements in policies_of_roles(**EVERYTHING, **KEYS, **RUN_TABLE).items()
}
OURS = sorted(OF_ROLES.keys() - {"MwaaRole"})
NO_RESOURCE = {
    # Lambda asks for it on the stream when it makes a mapping ("Cannot access stream … ListStreams
    # Actions on your stream in IAM"), though to DynamoDB itself a list is of no one stream.
    ("FollowTheStreams", "dynamodb:ListStreams"),
}
OF_MWAA = {"WriteItsLogs"}
"""Written as AWS's documentation of MWAA's role has it, though some actions have no resource."""
GLOBAL = {"aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn"}
"""Of any service ("AWS global condition context keys")."""


@cache
def reference() -> Mapping[str, Any]:
    """By service: its actions ("privileges"), its resources, and its condition keys."""
    python = ROOT / ".venv" / "tools" / "checkov" / "bin" / "python"
    script = ROOT / "tests" / "stack" / "iam_reference.py"
    services = (*SERVICES, "sns")  # which has a policy of its own here
    found: dict[str, Any] = json.loads(subprocess.check_output([python, script, *services]))
    return found


def actions(pattern: str) -> list[Mapping[str, Any]]:
    """The actions that a statement names, perhaps with a wildcard."""
    service, _, name = pattern.partition(":")
    known = reference()[service]["privileges"]
    return [known[action] for action in known if matches(name, action)]


def has(resource: str, action: Mapping[str, Any], service: str) -> bool:
    """Whether an action can be on what the ARN of a statement names."""
    kinds = set(action["resource_types"])
    if resource == "*":
        return kinds == {""}
    formats = reference()[service]["resources"]
    return any(_can_be(resource, formats[kind]["arn"]) for kind in kinds - {""})


def _can_be(resource: str, form: str) -> bool:
    """Whether an ARN is of a form such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. Of
    one that ends with `*`, it is enough that a form begins so.
    """
    if re.fullmatch(_regex(form), resource):
        return True
    head = resource.removesuffix("*")
    return head != resource and any(
        re.fullmatch(_regex(form[:end]), head) for end in range(len(form))
    )


def _regex(form: str) -> str:
    parts = re.split(r"(\$\{\w+\})", form)
    return "".join(_part(part) if part.startswith("${") else re.escape(part) for part in parts)


def _part(variable: str) -> str:
    return ".+" if variable in {"${ObjectName}", "${LogGroupName}"} else "[^/]+"


def statements(role: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for statement in OF_ROLES[role]:
        yield statement["Sid"], statement


def test_all_roles_are_looked_at() -> None:
    assert OURS == ["DagCanaryRole", "DagCompilerRole", "DagRebuildRole", "DagRedriveRole"]
    used = {action.partition(":")[0] for role in OF_ROLES.values() for it in role
            for action in listed(it["Action"])}  # fmt: skip
    assert used == set(SERVICES)


@pytest.mark.parametrize("role", OF_ROLES)
def test_actions_that_there_are(role: str) -> None:
    assert not [
        (sid, action)
        for sid, statement in statements(role)
        for action in listed(statement["Action"])
        if not actions(action)
    ]


@pytest.mark.parametrize("role", OF_ROLES)
def test_each_action_has_such_a_resource_and_each_resource_such_an_action(role: str) -> None:
    idle = set()
    for sid, statement in statements(role):
        resources = listed(statement.get("Resource", ()))
        pairs = {
            (action, resource)
            for action in listed(statement["Action"])
            for resource in resources
            if any(has(resource, it, action.partition(":")[0]) for it in actions(action))
        }
        if resources and sid not in OF_MWAA:
            idle |= {(sid, it) for it in {*listed(statement["Action"])} - {a for a, _ in pairs}}
        idle |= {(sid, it) for it in {*resources} - {resource for _, resource in pairs}}
    assert idle == (NO_RESOURCE if role == "DagCompilerRole" else set())


@pytest.mark.parametrize("role", OURS)
def test_our_own_statements_name_no_wildcard_and_no_resource_of_others(role: str) -> None:
    for sid, statement in statements(role):
        assert statement["Effect"] == "Allow", sid
        assert not [it for it in listed(statement["Action"]) if "*" in it], sid
        assert not [it for it in listed(statement["Resource"]) if it == "*"], sid


@pytest.mark.parametrize("role", OF_ROLES)
def test_conditions_that_an_action_knows(role: str) -> None:
    for sid, statement in statements(role):
        for keys in statement.get("Condition", {}).values():
            for key in keys:
                for action in listed(statement["Action"]):
                    assert _knows(action, key), (sid, action, key)


def _knows(action: str, key: str) -> bool:
    return key in GLOBAL or all(
        key in {name for kind in it["resource_types"].values() for name in kind["condition_keys"]}
        for it in actions(action)
    )


@pytest.mark.parametrize("role", OF_ROLES)
def test_for_all_values_is_not_for_none(role: str) -> None:
    """What is allowed for all values of a key is allowed without any, unless that is excluded."""
    for sid, statement in statements(role):
        conditions = statement.get("Condition", {})
        for operator, keys in conditions.items():
            if operator.startswith("ForAllValues:"):
                assert conditions["Null"] == dict.fromkeys(keys, "false"), sid


def test_policies_of_resources_name_actions_that_there_are() -> None:
    for name, resource in resolved(**EVERYTHING)["Resources"].items():
        document = resource["Properties"].get("PolicyDocument") or {"Statement": []}
        for statement in document["Statement"] if resource["Type"] != "AWS::IAM::Role" else []:
            for action in listed(statement["Action"]):
                assert actions(action), (name, action)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", "arn:aws:s3:::the-bucket/dags/*"),
        ("s3:PutObject", "arn:aws:s3:::the-bucket"),
        ("dynamodb:GetRecords", "arn:aws:dynamodb:eu-central-1:123456789012:table/mwaa_job"),
        ("dynamodb:Scan", "arn:aws:dynamodb:eu-central-1:123456789012:table/mwaa_job/stream/*"),
        ("cloudwatch:PutMetricData", "arn:aws:s3:::the-bucket"),
    ],
)
def test_the_test_sees_what_says_nothing(action: str, resource: str) -> None:
    (known,) = actions(action)
    assert not has(resource, known, action.partition(":")[0])
    assert not actions(f"{action}s")
