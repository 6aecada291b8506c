"""The compiler's own two tables, which a rebuild makes again, and that of runs: they go with the
stack.
"""

import re

import pytest

from tests.stack.template import ROOT, resolved

KEYS = {
    "DagTable": ("mwaa_dag", ["dag_id"]),
    "DagDependencyTable": ("mwaa_dag_dependency", ["input", "dag_id"]),
    "RunTable": ("mwaa_run", ["dag_id", "run"]),
}


@pytest.mark.parametrize("table", KEYS)
def test_keys(table: str) -> None:
    properties = resolved()["Resources"][table]["Properties"]
    name, keys = KEYS[table]
    assert properties["TableName"] == name
    assert [key["AttributeName"] for key in properties["KeySchema"]] == keys
    assert [key["KeyType"] for key in properties["KeySchema"]] == ["HASH", "RANGE"][: len(keys)]
    assert {d["AttributeType"] for d in properties["AttributeDefinitions"]} == {"S"}
    # Nobody listens to what the compiler writes, least of all the compiler.
    assert "StreamSpecification" not in properties


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize(("environment", "protected"), [("dev", False), ("prod", True)])
def test_safe_while_the_stack_is_there(table: str, environment: str, protected: bool) -> None:  # noqa: FBT001
    resource = resolved(Environment=environment)["Resources"][table]
    properties = resource["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] is protected
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Delete"


@pytest.mark.parametrize("page", ["runbook.md", "zh/runbook.md"])
def test_the_runbook_unprotects_what_goes_with_the_stack(page: str) -> None:
    """Or a stack of prod ends in DELETE_FAILED. What stays is not unprotected."""
    protected = {
        resource["Properties"]["TableName"]
        for resource in resolved(Environment="prod")["Resources"].values()
        if resource["Properties"].get("DeletionProtectionEnabled")
        and resource["DeletionPolicy"] == "Delete"
    }
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (tables,) = re.findall(
        r"^for table in (.*); do\n  aws dynamodb update-table .*--no-deletion", text, re.MULTILINE
    )
    assert set(tables.split()) == protected


def test_only_the_rows_of_removed_dags_and_runs_expire() -> None:
    resources = resolved()["Resources"]
    expiring = {
        name: resource["Properties"]["TimeToLiveSpecification"]
        for name, resource in resources.items()
        if "TimeToLiveSpecification" in resource["Properties"]
    }
    when = {"AttributeName": "expires_at", "Enabled": True}
    assert expiring == {"DagTable": when, "RunTable": when}


def test_the_latest_runs_are_indexed() -> None:
    (index,) = resolved()["Resources"]["RunTable"]["Properties"]["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "latest"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["latest", "started_at"]
    assert index["Projection"] == {"ProjectionType": "ALL"}
