"""A plan as a file: what `dagc plan --out` writes and `dagc apply` reads. Pure.

It is JSON for people to read and not to edit: a digest of all of it stands in it. The same plan
gives the same text. Rows are in DynamoDB's JSON, so that their types are kept.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagc import __version__
from dagc.aws.dynamodb_json import json_item, plain_item
from dagc.changes.dag_change import DagChange
from dagc.changes.row_change import RowChange, item_digest
from dagc.changes.writing.guard import Guard
from dagc.compiler import KEYS, Item, RowKey
from dagc.plan.file_change import digest
from dagc.plan.record import State

FORMAT = 1
"""Counts the forms that the file has had."""
_MARK = "dagc_plan"
_AGAIN = "run `dagc plan --out FILE` again"


class Destination(NamedTuple):
    """What a plan is for: the stack, and the ARNs of its three tables, by their original names."""

    stack: str
    tables: Mapping[str, str]

    @property
    def where(self) -> str:
        """Its region and account, in words."""
        _, _, _, region, account, _ = next(iter(self.tables.values())).split(":", maxsplit=5)
        return f"region {region}, account {account}"


class Expected(NamedTuple):
    """What is to become of a DAG: its state (None: no row claims it any more), and the SHA-256 of
    its file's text ("" where there is to be none, or where the last good one stays).
    """

    dag_id: str
    effect: str
    state: State | None
    sha256: str


class SavedPlan(NamedTuple):
    """All that `dagc apply` has to know. `toolchain` is the fingerprint of what the stack compiled
    with when the plan was made, "" where that is not known; `errors` counts the mistakes that its
    rows have.
    """

    destination: Destination
    toolchain: str
    guard: Guard
    errors: int
    rows: tuple[RowChange, ...]
    dags: tuple[Expected, ...]


class PlanFileError(Exception):
    """The file is no plan that can be applied. The message says why, and what to do."""


def expected(changes: Iterable[DagChange]) -> tuple[Expected, ...]:
    """What is to become of the DAGs."""
    return tuple(
        Expected(
            change.dag_id,
            change.effect.value,
            change.after.state,
            digest(change.after.text)
            if change.after.state is State.PUBLISHED and change.after.text is not None
            else "",
        )
        for change in changes
    )


def plan_text(plan: SavedPlan) -> str:
    """The content of the file."""
    body = _body(plan)
    content = {_MARK: FORMAT, "digest": _digest(body), **body}
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode() + "\n"


def read_plan(text: str) -> SavedPlan:
    """The plan in the content of a file. Raises PlanFileError, whose message goes on after the name
    of the file.
    """
    body = _checked(text)
    try:
        return SavedPlan(
            destination=Destination(body["stack"], body["tables"]),
            toolchain=body["toolchain"],
            guard=Guard(**body["files"]),
            errors=body["errors"],
            rows=tuple(map(_read_row, body["rows"])),
            dags=tuple(map(_read_dag, body["dags"])),
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise _edited() from error


def _body(plan: SavedPlan) -> dict[str, Any]:
    return {
        "made_by": f"dagc {__version__}",
        "stack": plan.destination.stack,
        "tables": dict(plan.destination.tables),
        "toolchain": plan.toolchain,
        "errors": plan.errors,
        "files": plan.guard._asdict(),
        "rows": [
            {
                "table": row.table,
                "key": dict(row.key),
                "digest": item_digest(before),
                "before": _written(before),
                "after": _written(after),
            }
            for row, before, after in plan.rows
        ],
        "dags": [
            {**entry._asdict(), "state": entry.state and entry.state.value} for entry in plan.dags
        ],
    }


def _written(item: Item | None) -> Any:
    return None if item is None else json_item(item)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _checked(text: str) -> dict[str, Any]:
    """What stands in the file, as it was written by this version."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"is no plan, or cut off ({error}): {_AGAIN}") from error
    if not isinstance(content, dict) or _MARK not in content:
        raise PlanFileError("is no plan: name a file that `dagc plan --out FILE` has written")
    form = content.pop(_MARK)
    if form != FORMAT:
        age = "a newer" if isinstance(form, int) and form > FORMAT else "another"
        made_by = f" ({content['made_by']})" if "made_by" in content else ""
        raise PlanFileError(
            f"was written by {age} dagc{made_by}: {_AGAIN} with this one, which is {__version__}"
        )
    if content.pop("digest", None) != _digest(content):
        raise _edited()
    return content


def _edited() -> PlanFileError:
    return PlanFileError(f"was changed after it was written: edit the rows instead, and {_AGAIN}")


def _read_row(entry: Mapping[str, Any]) -> RowChange:
    table = entry["table"]
    row = RowKey(table, tuple((name, entry["key"][name]) for name in KEYS[table]))
    before, after = (
        None if entry[side] is None else plain_item(entry[side]) for side in ("before", "after")
    )
    if item_digest(before) != entry["digest"]:
        raise ValueError(row)
    return RowChange(row, before, after)


def _read_dag(entry: Mapping[str, Any]) -> Expected:
    state = entry["state"]
    return Expected(**{**entry, "state": None if state is None else State(state)})
