"""The table of bounds in `docs/design.md` is true: so many, and beyond it the diagnostic named."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dagc.apply import compile_dags
from dagc.aws.dependency_table import MAX_JOB_ROWS
from dagc.changes.writing import unstorable
from dagc.compiler import compilation
from dagc.compiler.rows.members import MAX_IDS_SIZE, MAX_MEMBERS
from dagc.compiler.schema.json_values import MAX_DEPTH
from dagc.plan import announcement, fan_out, record, sharing
from tests.convergence.deployed import Follower, deployment_on, job, records, scheduler, task
from tests.emulator.aws import Aws

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"^## Bounds\n(.*?)^## ", re.MULTILINE | re.DOTALL)


class Bound(NamedTuple):
    """A row of the table: of what, how many, and the name of a diagnostic or ""."""

    what: str
    numbers: list[int]
    code: str


def _table() -> list[Bound]:
    [text] = SECTION.findall((ROOT / "docs" / "design.md").read_text("utf-8"))
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    return [
        Bound(
            what.strip(),
            [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", many)],
            "".join(re.findall(r"\[`([a-z-]+)`\]\(diagnostics", code)),
        )
        for what, many, _, code, _ in rows
    ]


TABLE = _table()


def _age() -> int:
    template = (ROOT / "template.yaml").read_text("utf-8")
    [age] = set(re.findall(r"MaximumRecordAgeInSeconds: (\d+)", template))
    return int(age)


NUMBERS: Mapping[str, list[int]] = {
    "rows that have one name, as a record lists them": [record._MAX_KEYS_SIZE],
    "rows that have one job id, as its item lists them": [MAX_JOB_ROWS],
    "jobs that a scheduler gives up in one edit, as its record lists them until others that start "
    "them are compiled": [sharing._MAX_LEAVING_SIZE],
    "keys of rows that compiles which were cut off have left in a record": [unstorable.MAX_SIZE],
    "ids that a row names": [MAX_MEMBERS, MAX_IDS_SIZE],
    "ids that enabled rows of one name name together": [MAX_MEMBERS, MAX_IDS_SIZE],
    "levels of JSON in one another": [MAX_DEPTH],
    "the text of a file": [compilation.MAX_FILE_SIZE],
    "the diagnostics of a record": [record._MAX_DIAGNOSTICS_SIZE],
    "the detail of an event": [announcement._MAX_SIZE],
    "DAGs at which AWS fails, and that an edit is delivered again for without the others": [
        fan_out.MAX_AGAIN
    ],
    "DAGs that one delivery has to finish, such as the schedulers of a job that comes to be in "
    "error": [45_000, 15],  # measured
    "attempts to compile a DAG that others compile at the same time": [compile_dags.ATTEMPTS],
    "the age of an edit": [_age()],
}


def test_so_many() -> None:
    assert {bound.what: bound.numbers for bound in TABLE} == NUMBERS


Rows = list[tuple[str, dict[str, Any]]]


def _jobs(*jobs: dict[str, Any]) -> Rows:
    return [("mwaa_task", task("1")), *(("mwaa_job", row) for row in jobs)]


def _named(count: int) -> Rows:
    """So many jobs of one name, each with a key of a thousand bytes."""
    return _jobs(*(job(f"{number:0>970}", "x") for number in range(count)))


def _typed(count: int) -> Rows:
    """So many jobs of one id."""
    rows = (job("1", f"j{number}") | {"job_type": f"t{number}"} for number in range(count))
    return [*_jobs(*rows), ("mwaa_scheduler", scheduler("1", "x"))]


def _wide(size: int) -> Rows:
    """Two jobs of one name, with inputs of so many bytes together."""
    ids = [f"{number:0>995}" for number in range(size // 1000)]
    half = len(ids) // 2
    lists = (ids[:half], ids[half:])
    return _jobs(*(job(str(n), "x", "1") | {"task_list": it} for n, it in enumerate(lists)))


def _deep(levels: int) -> Rows:
    value = "[" * (levels - 2) + "]" * (levels - 2)
    return _jobs(job("1", "x", job_params=f'{{"params": {{"p": {value}}}}}'))


BEYOND: Mapping[str, Callable[[], Rows]] = {
    "rows that have one name, as a record lists them": lambda: _named(45),
    "rows that have one job id, as its item lists them": lambda: _typed(MAX_JOB_ROWS + 1),
    "ids that a row names": lambda: _jobs(
        job("1", "x", ",".join(map(str, range(MAX_MEMBERS + 1))))
    ),
    "ids that enabled rows of one name name together": lambda: _wide(110_000),
    "levels of JSON in one another": lambda: _deep(MAX_DEPTH + 2),
    "the text of a file": lambda: _jobs(job("1", "x", job_params={"doc_md": "x" * 1000})),
}


@pytest.mark.parametrize("bound", [bound for bound in TABLE if bound.code], ids=lambda it: it.what)
def test_the_diagnostic(bound: Bound, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    if bound.what == "the text of a file":  # else it takes a minute
        monkeypatch.setattr(compilation, "MAX_FILE_SIZE", 1000)
    deployed = Follower(aws, deployment_on(aws))
    for table, row in BEYOND[bound.what]():
        aws.put(table, row)
    assert not deployed.follow().failures
    found = records(aws)
    told = found.get("schedule-x") or found["job-x"]
    assert told["state"] == "invalid"
    assert bound.code in {diagnostic["code"] for diagnostic in told["diagnostics"]}
    assert bound.code != "duplicate-name" or "cut" in told or not told.get("inputs")


def test_what_is_beyond_the_diagnostics(aws: Aws) -> None:
    deployed = Follower(aws, deployment_on(aws))
    aws.put("mwaa_job", job("1", "x", ",".join(map(str, range(1000)))))
    deployed.follow()
    [*_, last] = records(aws)["job-x"]["diagnostics"]
    assert re.fullmatch(r"[\d,]+ more diagnostics: run `dagc validate --from-aws`", last["message"])
