"""The Airflow of the stack's own, if one is asked for."""

from typing import Any

import pytest
import yaml

from dagc.cli.runtime_files import PLUGINS, REQUIREMENTS
from tests.stack.template import ROOT, parsed, refusals, resolved

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


MICRO = {**WANTED, "MwaaEnvironmentClass": "mw1.micro"}


@pytest.mark.parametrize(("workers", "most"), [("1", "5"), ("2", "2")])
def test_the_smallest_has_one_worker(workers: str, most: str) -> None:
    (refused,) = refusals(**MICRO, MwaaMinWorkers=workers, MwaaMaxWorkers=most)
    assert refused.startswith("mw1.micro has one worker and no more")
    assert not refusals(**MICRO, MwaaMaxWorkers="1")
    assert not refusals(MwaaEnvironmentClass="mw1.micro"), "there is none"


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


@pytest.mark.parametrize(
    ("target", "section", "refresh"),
    [
        ("2.11", "scheduler", "dag_dir_list_interval"),
        ("3.0", "dag_processor", "refresh_interval"),
    ],
)
def test_what_is_parsed_and_when(target: str, section: str, refresh: str) -> None:
    options = environment(AirflowVersion=target)["AirflowConfigurationOptions"]
    assert options.pop(f"{section}.{refresh}") == "30"
    assert options.pop(f"{section}.min_file_process_interval") == "600"
    assert options.pop(f"{section}.parsing_processes") == "2"
    assert options.pop("core.dagbag_import_timeout") == "120"
    assert options.pop("core.min_serialized_dag_update_interval") == "0"
    killed = "core" if target == "2.11" else section
    assert options.pop(f"{killed}.dag_file_processor_timeout") == "180"
    if target == "3.0":
        assert options.pop("dag_processor.stale_dag_threshold") == "6000"
        assert options.pop("workers.min_heartbeat_interval") == "1"
    else:
        # More than any interval that the parameter allows: see docs/airflow.md.
        longest = parsed()["Parameters"]["MwaaMinFileProcessInterval"]["MaxValue"]
        assert int(options.pop("scheduler.dag_stale_not_seen_duration")) >= 10 * longest
        assert options.pop("core.dag_ignore_file_syntax") == "glob"
    assert options == {"dagc.run_table": "RunTable", "dagc.run_table_days": "90"}


def test_no_dag_is_stale_before_its_next_parse() -> None:
    """Whatever the interval: docs/airflow.md says what would happen to it."""
    interval = parsed()["Parameters"]["MwaaMinFileProcessInterval"]
    for seconds in (interval["MinValue"], interval["MaxValue"]):
        chosen = environment(AirflowVersion="3.0", MwaaMinFileProcessInterval=str(seconds))
        options = chosen["AirflowConfigurationOptions"]
        assert int(options["dag_processor.stale_dag_threshold"]) == 10 * seconds


@pytest.mark.parametrize("target", ["2.10", "2.11", "3.0"])
def test_airflow_knows_the_options(target: str) -> None:
    """Each is one of the nearest Airflow that the tests install."""
    python = ROOT / f".venv/tools/airflow-{'2.11' if target == '2.10' else target}/bin/python"
    (known,) = python.parents[1].glob("lib/*/site-packages/airflow/config_templates/config.yml")
    sections = yaml.safe_load(known.read_text())
    for name in environment(AirflowVersion=target)["AirflowConfigurationOptions"]:
        section, _, option = name.partition(".")
        assert section == "dagc" or option in sections[section]["options"], name


def test_no_plugins_or_requirements_before_there_are_any() -> None:
    assert not [name for name in environment() if "S3Path" in name and name != "DagS3Path"]
    updated = environment(MwaaPluginsVersion="p1", MwaaRequirementsVersion="r1")
    assert (updated["PluginsS3Path"], updated["PluginsS3ObjectVersion"]) == (PLUGINS, "p1")
    found = (updated["RequirementsS3Path"], updated["RequirementsS3ObjectVersion"])
    assert found == (REQUIREMENTS, "r1")


def test_its_key_is_theirs_or_aws_own() -> None:
    assert "KmsKey" not in environment()
    assert environment(ExistingBucketKmsKey=KEY)["KmsKey"] == KEY


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
    role = resolved(**WANTED, ExistingBucketKmsKey=key)["Resources"]["MwaaRole"]["Properties"]
    assert role["ManagedPolicyArns"] == ["RunHistoryPolicy"]
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
    assert role["ManagedPolicyArns"] == ["RunHistoryPolicy", policy]


@pytest.mark.parametrize("prefix", ["dags/generated/", "flows/a/b/"])
def test_old_versions_expire_in_the_dag_folder_alone(prefix: str) -> None:
    """An environment names a version of plugins.zip, and asks for it whenever it starts anew."""
    bucket = resolved(DagsPrefix=prefix)["Resources"]["DagBucket"]["Properties"]
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    expiring = [rule for rule in rules.values() if "NoncurrentVersionExpiration" in rule]
    assert [rule["Prefix"] for rule in expiring] == [f"{prefix.partition('/')[0]}/"]
    for name in (PLUGINS, REQUIREMENTS):
        assert not name.startswith(expiring[0]["Prefix"])
