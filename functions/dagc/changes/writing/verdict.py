"""What became of a DAG, against what the plan said. Pure."""

from dagc.changes.writing.plan_file import Expected
from dagc.plan.record import Record, State


def difference(expected: Expected, record: Record | None) -> str:
    """In what the DAG's record, at rest, is not what the plan said; "" where it is as planned.

    Of a DAG that the plan says is invalid, the state counts: the last good file stays.
    """
    found = _state(record)
    if found != expected.state:
        cause = _first_message(record) if found in (State.INVALID, State.BLOCKED) else ""
        now = "is not there" if record is None else f"is {_word(found)}"
        return f"{now}, planned was {_word(expected.state)}{cause}"
    if expected.sha256 and record is not None and record.sha256 != expected.sha256:
        return (
            f"its file is another one (sha256 {record.sha256[:12]}…, planned "
            f"{expected.sha256[:12]}…)"
        )
    return ""


def _state(record: Record | None) -> State | None:
    """The state; None where no row claims the DAG's id."""
    if record is None or record.state in ("", State.REMOVED):
        return None
    return State(record.state)


def _word(state: State | None) -> str:
    return state.value if state else "removed"


def _first_message(record: Record | None) -> str:
    diagnostics = record.diagnostics if record else ()
    return f": {diagnostics[0]['message']}" if diagnostics else ""
