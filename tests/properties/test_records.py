"""A row of `mwaa_dag` comes back as it was stored, and fits into one item whatever it tells."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.aws.dynamodb_json import dynamodb_item, plain_item
from dagc.aws.event_bus import BATCH_SIZE
from dagc.compiler import Code, Diagnostic, Problem, RowKey, Severity, key_text
from dagc.compiler.rows.job_row import read_job
from dagc.compiler.rows.members import MAX_IDS_SIZE, MAX_MEMBERS
from dagc.compiler.rows.scheduler_row import read_scheduler
from dagc.plan.announcement import announcement
from dagc.plan.inputs import inputs_of
from dagc.plan.record import Record, State, first_keys, listed, record_of
from dagc.plan.sharing import leaving
from tests.properties.hostile import TEXTS

MAX_ITEM_SIZE = 400 * 1024
"""Bytes that DynamoDB takes as one item."""

STORABLE = TEXTS.map(lambda text: text.encode(errors="replace").decode())
NUMBERS = st.integers(0, 2**53)
DIAGNOSTICS = st.lists(
    st.builds(
        Diagnostic,
        table=st.just("mwaa_job"),
        key=st.just((("job_type", "a"), ("job_id", "1"))),
        attribute=TEXTS,
        path=TEXTS,
        code=st.sampled_from(Code),
        severity=st.sampled_from(Severity),
        message=TEXTS,
        hint=TEXTS,
    ),
    max_size=5,
)


@given(
    st.builds(
        Record,
        dag_id=STORABLE.filter(bool),
        revision=NUMBERS,
        settled=NUMBERS,
        state=st.sampled_from(State),
        sources=st.frozensets(STORABLE),
        inputs=st.dictionaries(STORABLE, NUMBERS),
        diagnostics=DIAGNOSTICS.map(lambda told: listed(tuple(told))),
        file=STORABLE,
        edit_to_file_ms=st.none() | NUMBERS,
        expires_at=st.none() | NUMBERS,
    )
)
def test_it_comes_back_as_it_was_stored(record: Record) -> None:
    item = json.loads(json.dumps(dynamodb_item(record.as_item())))
    assert record_of(plain_item(item)) == record


def _longest_ids() -> list[str]:
    """As many ids as a row may name, of as many bytes: each character takes four."""
    length = MAX_IDS_SIZE // MAX_MEMBERS // len("𝟢".encode())
    return [f"{number:04}".translate(_WIDE).rjust(length, "𝟢") for number in range(MAX_MEMBERS)]


_WIDE = {ord("0") + digit: chr(0x1D7E2 + digit) for digit in range(10)}
JOB = read_job(
    {"job_type": "a" * 2000, "job_id": "1", "job_name": "x", "task_list": _longest_ids()}, {}
)
INPUTS = dict.fromkeys(inputs_of([JOB]), 10**12)


@given(DIAGNOSTICS, st.sampled_from([1, 200]), st.sampled_from([1, 200]))
def test_it_fits_into_an_item(told: list[Diagnostic], times: int, longer: int) -> None:
    long = [
        replace(diagnostic, message=diagnostic.message * longer, path=diagnostic.path * longer)
        for diagnostic in told
    ] * times
    record = Record(
        "job-x",
        sources=frozenset({key_text(JOB.row)}),
        inputs=INPUTS,
        diagnostics=listed(tuple(long)),
    )
    assert len(INPUTS) == MAX_MEMBERS
    assert _size({"M": dynamodb_item(record.as_item())}) < MAX_ITEM_SIZE


def test_a_dag_that_many_rows_claim_fits_too() -> None:
    """Each of them is in error, and named."""
    keys = [RowKey("mwaa_job", (("job_type", "a"), ("job_id", f"{n:0>100}"))) for n in range(5000)]
    record = Record("job-x", sources=first_keys(map(key_text, keys)), inputs=INPUTS)
    assert _size({"M": dynamodb_item(record.as_item())}) < MAX_ITEM_SIZE


def test_a_scheduler_that_shares_as_many_jobs_as_it_can_name_fits_too() -> None:
    """With as much of all else as there can be."""
    ids = _longest_ids()
    scheduler = read_scheduler({"schedule_id": "1", "schedule_name": "x", "job_list": ids})
    keys = [RowKey("mwaa_scheduler", (("schedule_id", f"{n:0>100}"),)) for n in range(5000)]
    told = Problem(Code.BAD_VALUE, "x" * 900, "").at(keys[0], "job_list")
    before = Record("schedule-x", inputs=dict.fromkeys((f"job/{n:0>900}" for n in range(50)), 1))
    after = Record("schedule-x", inputs=dict.fromkeys(inputs_of([scheduler]), 10**6))
    record = after._replace(
        sources=first_keys(map(key_text, keys)),
        shared_jobs=frozenset(after.inputs),
        leaving=leaving(before, after),
        diagnostics=listed((told,) * 100),
        file=f"s3://{'x' * 1000}",
    )
    assert len(record.leaving) == 22
    assert _size({"M": dynamodb_item(record.as_item())}) < MAX_ITEM_SIZE


def test_as_many_announcements_as_one_request_takes_fit_into_it() -> None:
    wide = "字" * 340
    row = RowKey("mwaa_job", (("job_type", wide), ("job_id", wide)))
    told = [Problem(Code.BAD_VALUE, wide, wide, (wide, n)).at(row, "job_params") for n in range(5)]
    record = Record("job-x", state=State.INVALID, sources=frozenset({key_text(row)}))
    event = announcement(Record("job-x"), record._replace(diagnostics=listed(tuple(told))))
    assert event
    assert BATCH_SIZE * len(json.dumps(event.detail)) < 256 * 1024


def _size(value: Mapping[str, Any]) -> int:
    """The bytes of a value in DynamoDB's JSON ("Item sizes and formats")."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "L":
            return 3 + sum(1 + _size(value) for value in content)
    return 3 + sum(1 + len(name.encode()) + _size(value) for name, value in content.items())
