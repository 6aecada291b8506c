"""A plan in a file is read back as it was; anything else is refused in one line."""

import json
from decimal import Decimal
from typing import Any

import pytest

from dagc.aws.dynamodb_json import item_text
from dagc.changes.row_change import RowChange
from dagc.changes.writing.guard import Guard
from dagc.changes.writing.plan_file import (
    Destination,
    Expected,
    PlanFileError,
    SavedPlan,
    plan_text,
    read_plan,
)
from dagc.compiler import JOB, TASK, RowKey
from dagc.plan.record import State

ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/"
BEFORE: dict[str, Any] = {
    "task_id": "1",
    "number": Decimal("12345678901234567890.123456789012345678"),
    "float": 0.1,
    "set": frozenset({1, 2}),
    "binary": b"\x00\xff",
    "nested": {"a": [True, None, {"b": "ü"}]},
}
PLAN = SavedPlan(
    Destination("dagc-dev", {"mwaa_task": f"{ARN}mwaa_task", "mwaa_job": f"{ARN}dev_job"}),
    toolchain="python=3.11 target=3.0",
    guard=Guard(files=10, removed=2, max_removed_percent=20),
    errors=0,
    rows=(
        RowChange(RowKey(TASK, (("task_id", "1"),)), BEFORE, {"task_id": "1", "status": 1}),
        RowChange(RowKey(TASK, (("task_id", "2"),)), None, {"task_id": 2, "half": "\ud800"}),
        RowChange(RowKey(JOB, (("job_type", "a"), ("job_id", "3"))), {"job_type": "a"}, None),
    ),
    dags=(
        Expected("job-one", "changed", State.PUBLISHED, "0" * 64),
        Expected("job-two", "removed", None, ""),
    ),
)


def test_it_is_read_back_as_it_was() -> None:
    text = plan_text(PLAN)
    read = read_plan(text.encode().decode())
    assert read._replace(rows=()) == PLAN._replace(rows=())
    for one, other in zip(read.rows, PLAN.rows, strict=True):
        assert one.row == other.row
        assert list(map(_typed, one[1:])) == list(map(_typed, other[1:]))
    assert plan_text(read) == text


def _typed(item: Any) -> str:
    return "" if item is None else item_text(item)


def test_where_it_is_for() -> None:
    assert PLAN.destination.where == "region eu-central-1, account 123456789012"


def test_the_guard() -> None:
    assert not Guard(10, 2, 20).is_exceeded
    assert Guard(10, 3, 20).is_exceeded
    assert not Guard(0, 0, 0).is_exceeded


def test_another_tool_may_lay_it_out_anew() -> None:
    assert read_plan(json.dumps(json.loads(plan_text(PLAN)), sort_keys=True)).errors == 0


def _with(**changes: Any) -> str:
    return json.dumps(json.loads(plan_text(PLAN)) | changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no plan, or cut off (Expecting value: line 1 column 1 (char 0)): run `dagc plan"),
        (plan_text(PLAN)[:-20], "is no plan, or cut off"),
        ("task_id: 1", "is no plan, or cut off"),
        ("[]", "is no plan: name a file that `dagc plan --out FILE` has written"),
        ('{"rows": []}', "is no plan: name a file"),
        (_with(dagc_plan=2), "was written by a newer dagc (dagc 0.1.0): run `dagc plan --out"),
        (_with(dagc_plan=0), "was written by another dagc"),
        (_with(dagc_plan="1"), "was written by another dagc"),
        (_with(errors=1), "was changed after it was written: edit the rows instead, and run"),
        (_with(rows=[]), "was changed after it was written"),
        (_with(digest=None), "was changed after it was written"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlanFileError) as refused:
        read_plan(text)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        {"rows": [{}]},
        {"rows": {"a": 1}},
        {"rows": [{"table": "mwaa_task", "key": {"task_id": "1"}, "digest": "", "before": {}}]},
        {"tables": None, "rows": 3},
        {"files": {"files": 1}},
        {"dags": [{"state": "unheard of"}]},
    ],
)
def test_a_digest_that_was_made_anew_does_not_make_it_a_plan(body: dict[str, Any]) -> None:
    import hashlib

    content = {"made_by": "me", "stack": "s", "errors": 0, **json.loads(plan_text(PLAN)), **body}
    del content["digest"], content["dagc_plan"]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with pytest.raises(PlanFileError, match="was changed"):
        read_plan(json.dumps({"dagc_plan": 1, "digest": digest, **content}))
