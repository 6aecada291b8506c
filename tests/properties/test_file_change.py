"""What is decided for a file, whatever became of it before: compiles, people, crashes."""

import hashlib
from datetime import UTC, datetime
from functools import reduce
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler import Code, Dag, Problem
from dagc.compiler.rows.job_row import read_job
from dagc.plan.announcement import announcement
from dagc.plan.file_change import Context, FileChange, Observed, change_for, digest, is_ours
from dagc.plan.record import Record, State

ROW = read_job({"job_type": "a", "job_id": "1", "job_name": "x"}, {})
MISTAKE = Problem(Code.MISSING_TASK, "no such task", "Add it.").at(ROW.row, "task_list")
CONTEXT = Context(datetime(2026, 1, 1, tzinfo=UTC), None, "s3://bucket/dags/job-x.py")


class Place(NamedTuple):
    """Where the file belongs: the object that is there, its text, and the record of the DAG."""

    record: Record = Record("job-x")
    observed: Observed | None = None
    text: str = ""


VALID = [Dag("job-x", enabled=True, text=text, rows=(ROW,)) for text in ("one", "two")]
INVALID = Dag("job-x", enabled=True, text=None, diagnostics=(MISTAKE,), rows=(ROW,))
DISABLED = Dag("job-x", enabled=False, text=None, rows=(ROW,))
GONE = Dag("job-x", enabled=False, text=None)


def _decided(place: Place, dag: Dag) -> FileChange:
    begun = place.record._replace(revision=place.record.revision + 1)
    return change_for(dag, begun, place.observed, CONTEXT)


def _applied(place: Place, decision: FileChange) -> Place:
    """What the compile leaves behind."""
    if decision.text is not None:
        written = _object(decision.text, digest(decision.text), number=decision.record.revision)
        assert written.observed
        record = decision.record._replace(
            etag=written.observed.etag, version=written.observed.version
        )
        return written._replace(record=record)
    if decision.delete:
        return Place(decision.record)
    return place._replace(record=decision.record)


def _object(text: str, mark: str | None, number: int, *, generated: bool = False) -> Place:
    """An object as S3 tells of it."""
    etag = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return Place(observed=Observed(f'"{etag}"', mark, f"v{number}", generated), text=text)


def _compiled(place: Place, dag: Dag) -> Place:
    return _applied(place, _decided(place, dag))


def _cut_off(place: Place, dag: Dag) -> Place:
    """After the file, before the record: all that is left of it there is the revision."""
    after = _applied(place, _decided(place, dag))
    return after._replace(record=place.record._replace(revision=after.record.revision))


COMPILES = st.sampled_from([*VALID, INVALID, DISABLED, GONE])
STEPS = st.one_of(
    COMPILES.map(lambda dag: lambda place: _compiled(place, dag)),
    COMPILES.map(lambda dag: lambda place: _cut_off(place, dag)),
    st.sampled_from(["one", "two", "edited", ""]).flatmap(
        lambda text: st.sampled_from(
            [
                lambda place: _object(text, None, 0)._replace(record=place.record),
                lambda place: _object(text, None, 0, generated=True)._replace(record=place.record),
                lambda place: _object(text, digest("one"), 0)._replace(record=place.record),
            ]
        )
    ),
    st.just(lambda place: Place(place.record)),
    st.just(lambda place: place._replace(record=Record("job-x"))),
)
"""What can happen to a place: a compile, one that is cut off, somebody who writes something, keeps
or drops the mark, or removes the object; and the loss of the record.
"""
PLACES = st.lists(STEPS, max_size=6).map(
    lambda steps: reduce(lambda place, step: step(place), steps, Place())
)


@given(PLACES, COMPILES)
def test_once_applied_it_leaves_nothing_to_do(place: Place, dag: Dag) -> None:
    after = _compiled(place, dag)
    again = _decided(after, dag)
    assert (again.text, again.delete, again.drift) == (None, False, False)
    next_revision = after.record.revision + 1
    assert again.record == after.record._replace(revision=next_revision, settled=next_revision)
    assert announcement(after.record, again.record) is None


@given(PLACES, st.sampled_from(VALID))
def test_a_valid_dag_has_its_file_unless_another_object_is_in_its_place(
    place: Place, dag: Dag
) -> None:
    after = _compiled(place, dag)
    assert after.observed
    if after.record.state == State.BLOCKED:
        assert (after.observed, after.text) == (place.observed, place.text)
        assert not is_ours(place.observed, place.record)
        assert [diagnostic["code"] for diagnostic in after.record.diagnostics] == ["foreign-object"]
        return
    assert after.record.state == State.PUBLISHED
    assert after.text == dag.text
    assert after.record.sha256 == digest(after.text)


@given(PLACES, COMPILES)
def test_what_is_not_the_compilers_stays(place: Place, dag: Dag) -> None:
    if place.observed and not is_ours(place.observed, place.record):
        after = _compiled(place, dag)
        assert (after.observed, after.text) == (place.observed, place.text)
        assert not after.record.file


@given(PLACES)
def test_an_invalid_dag_keeps_its_file(place: Place) -> None:
    after = _compiled(place, INVALID)
    assert (after.observed, after.text) == (place.observed, place.text)
    assert after.record.state == State.INVALID


@given(PLACES, st.sampled_from([DISABLED, GONE]))
def test_a_dag_that_no_enabled_row_claims_has_no_file(place: Place, dag: Dag) -> None:
    after = _compiled(place, dag)
    assert after.observed is None or not is_ours(place.observed, place.record)
    assert not after.record.file
    assert bool(after.record.expires_at) is (dag is GONE)


@given(PLACES, COMPILES)
def test_the_record_tells_of_the_file_that_is_there(place: Place, dag: Dag) -> None:
    after = _compiled(place, dag)
    record = after.record
    assert record.settled == record.revision
    told = bool(record.file), bool(record.etag), bool(record.version)
    assert told == (bool(record.file),) * 3
    if record.file:
        assert after.observed
        assert (record.etag, record.version) == (after.observed.etag, after.observed.version)
