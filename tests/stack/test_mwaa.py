"""The Airflow of the stack's own, if one is asked for."""

from typing import Any

import pytest

from tests.stack.template import parsed, refusals, resolved

NETWORK = {"MwaaSubnetIds": "subnet-0a,subnet-0b", "MwaaSecurityGroupIds": "sg-0a"}
WANTED = {"CreateMwaaEnvironment": "true", **NETWORK}
KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/0f0f0f0f-0000-4000-8000-000000000000"
OFFERED = {"2": "2.11.0", "2.10": "2.10.3", "2.11": "2.11.0", "3.0": "3.0.6"}


def environment(**parameters: str) -> dict[str, Any]:
    resources = resolved(**{**WANTED, **parameters})["Resources"]
    properties: dict[str, Any] = resources["MwaaEnvironment"]["Properties"]
    return properties


def test_none_unless_asked_for() -> None:
    stack = resolved()
    assert not any("Mwaa" in name for name in stack["Resources"])
    assert "AirflowUrl" not in stack["Outputs"]


def test_versions() -> None:
    targets = parsed()["Parameters"]["AirflowVersion"]["AllowedValues"]
    assert parsed()["Mappings"]["Mwaa"].keys() == set(targets)
    for target in targets:
        refused = refusals(**WANTED, AirflowVersion=target)
        if target in OFFERED:
            assert not refused
            assert environment(AirflowVersion=target)["AirflowVersion"] == OFFERED[target]
        else:
            assert refused == ["Of the AirflowVersions, MWAA offers 2.10, 2.11 (or 2) and 3.0."]
        assert not refusals(AirflowVersion=target), "files for it can always be made"


@pytest.mark.parametrize("missing", NETWORK)
def test_it_needs_a_network(missing: str) -> None:
    assert refusals(**{**WANTED, missing: ""}) == [f"CreateMwaaEnvironment needs {missing}."]


@pytest.mark.parametrize(
    ("prefix", "folder"),
    [("dags/generated/", "dags"), ("generated/", "generated"), ("a/b/c/", "a")],
)
def test_its_folder_holds_the_prefix(prefix: str, folder: str) -> None:
    assert environment(DagsPrefix=prefix)["DagS3Path"] == folder


def test_it_reads_our_bucket_or_theirs() -> None:
    assert environment()["SourceBucketArn"] == "arn:aws-cn:s3:::DagBucket"
    assert environment(ExistingBucket="theirs")["SourceBucketArn"] == "arn:aws-cn:s3:::theirs"


def test_every_log_is_on() -> None:
    logs = environment()["LoggingConfiguration"]
    assert len(logs) == 5
    assert all(log["Enabled"] for log in logs.values())


def test_new_files_are_seen_soon() -> None:
    for target, option in (
        ("2.11", "scheduler.dag_dir_list_interval"),
        ("3.0", "dag_processor.refresh_interval"),
    ):
        options = environment(AirflowVersion=target)["AirflowConfigurationOptions"]
        assert options[option] == "30"


def test_its_key_is_theirs_or_aws_own() -> None:
    assert "KmsKey" not in environment()
    assert environment(ExistingKmsKey=KEY)["KmsKey"] == KEY


def test_only_this_environment_takes_its_role() -> None:
    role = resolved(**WANTED)["Resources"]["MwaaRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {
            "aws:SourceArn": "arn:aws-cn:airflow:cn-north-1:123456789012:environment/dagc-test"
        },
    }


@pytest.mark.parametrize(("key", "resource"), [("", "NotResource"), (KEY, "Resource")])
def test_what_its_role_allows(key: str, resource: str) -> None:
    role = resolved(**WANTED, ExistingKmsKey=key)["Resources"]["MwaaRole"]["Properties"]
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    allowed = {s.pop("Sid"): s for s in policy["PolicyDocument"]["Statement"]}
    wide = {name for name, statement in allowed.items() if statement.get("Resource") == "*"}
    assert wide == {"KnowTheAccount"}
    assert allowed["ReadTheBucket"]["Resource"] == [
        "arn:aws-cn:s3:::DagBucket",
        "arn:aws-cn:s3:::DagBucket/*",
    ]
    assert resource in allowed["UseTheKey"]
    assert "kms:ViaService" in allowed["UseTheKey"]["Condition"]["StringLike"]


def test_what_tasks_may_do_is_for_the_team_to_say() -> None:
    policy = "arn:aws-cn:iam::123456789012:policy/warehouse"
    role = resolved(**WANTED, MwaaTaskPolicy=policy)["Resources"]["MwaaRole"]["Properties"]
    assert role["ManagedPolicyArns"] == [policy]
