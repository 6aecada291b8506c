"""What becomes of one DAG when the proposed rows are written."""

from enum import StrEnum
from typing import NamedTuple

from dagc.compiler import Diagnostic, RowKey
from dagc.plan.record import State


class Effect(StrEnum):
    """What happens to a DAG, in the order in which a reader wants to know it."""

    INVALID = "becomes invalid"
    """Its rows are in error from now on; the last good file, if there is one, stays."""
    STILL_INVALID = "stays invalid"
    BLOCKED = "is blocked"
    """An object that is not the compiler's stands where its file belongs."""
    REMOVED = "removed"
    CREATED = "created"
    VALID_AGAIN = "valid again"
    CHANGED = "changed"
    UNCHANGED = "stays as it is"
    """Though it reads a row that changes."""


class DagSide(NamedTuple):
    """A DAG before, or after. `state` is None where no row claims its id and no file is there;
    `text` is that of its file: None where there is none, or where it is not known (of an invalid
    DAG, whose last good file was not read). `rows` claim its id.
    """

    state: State | None
    text: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    rows: tuple[RowKey, ...] = ()


class Way(NamedTuple):
    """How a row that changes reaches a DAG: `row`, and the steps from there, each a word for people
    (`job mart_sales`); the last one is the DAG itself.
    """

    row: RowKey
    steps: tuple[str, ...]


class DagChange(NamedTuple):
    """A DAG that a row concerns which changes. `renamed` is its id before or after, where the row
    that claims it gets another name: "" elsewhere.
    """

    dag_id: str
    effect: Effect
    before: DagSide
    after: DagSide
    ways: tuple[Way, ...]
    renamed: str = ""
