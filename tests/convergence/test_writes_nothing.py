"""Where the rows say what they said before, nothing is written, and nobody is told anything."""

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest

from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import Target
from dagc.row_files.reading.read_tables import read_tables
from tests.convergence.deployed import Follower, compiled, deployment_on, files
from tests.emulator.aws import EDITED, Aws

EXAMPLES = Path(__file__).parents[2] / "examples"
TABLES = read_tables(EXAMPLES / "rows").tables
EFFECTS = {"s3.PutObject", "s3.DeleteObject", "events.PutEvents"}


@pytest.fixture
def deployed(aws: Aws) -> Follower:
    """With the defaults that the examples need."""
    tools, _ = load_toolchain(Target(3, 0), "dev", EXAMPLES)
    return Follower(aws, deployment_on(aws, tools=tools))


def _load(aws: Aws, tables: Iterable[str] = EDITED) -> None:
    """Writes the rows of the examples, table by table."""
    for table in tables:
        for row in TABLES[table]:
            aws.put(table, row)


def _expected(deployed: Follower) -> dict[str, str]:
    """What a compile of all rows at once gives."""
    dags = compiled(deployed.aws, deployed.deployment.toolchain)
    return {dag_id: dag.text for dag_id, dag in dags.items() if dag.text is not None}


def test_the_same_rows_again(deployed: Follower) -> None:
    _load(deployed.aws)
    records = deployed.records()
    follow_records(records, deployed.deployment)
    versions = _versions(deployed.aws)
    assert len(versions) > 10

    deployed.aws.calls.clear()
    _load(deployed.aws)
    assert not deployed.records()
    follow_records(records, deployed.deployment)
    rebuild(deployed.deployment)
    follow_records(records, deployed.deployment)
    assert not EFFECTS & deployed.aws.calls.keys()
    assert _versions(deployed.aws) == versions


def test_rows_that_change_where_no_dag_looks(deployed: Follower) -> None:
    _load(deployed.aws)
    deployed.follow()
    for table in EDITED:
        for row in deployed.aws.rows(table):
            deployed.aws.put(table, row | {"comment": "the user's own"})
    followed = deployed.follow()
    assert len(followed.outcomes) > 10
    assert not EFFECTS & deployed.aws.calls.keys()


@pytest.mark.parametrize("order", list(permutations(EDITED)), ids=" ".join)
def test_any_order_of_the_tables(deployed: Follower, order: tuple[str, ...]) -> None:
    for table in order:
        _load(deployed.aws, [table])
        deployed.follow()
    assert files(deployed.aws) == _expected(deployed)


def _versions(aws: Aws) -> list[str]:
    """All versions of all objects, and all marks of deletion."""
    with aws.unobserved():
        found = aws.s3.list_object_versions(Bucket="the-bucket")
    entries = [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]
    return [f"{entry['Key']} {entry['VersionId']}" for entry in entries]
