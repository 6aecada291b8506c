"""Reads the list of a DAG's members: `task_list` of a job, `job_list` of a scheduler.

An entry is the id of a row, or `{"task_id": "7", "as": "load_us"}`: that row under a name of its
own. By the name, all else in the row speaks of that member: so one row may be several of them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.rows.attributes import Attributes
from dagc.compiler.rows.id_lists import listed_ids
from dagc.compiler.rows.references import read_id
from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.messages import proposing, unknown_key, wrong_format


class Alias(NamedTuple):
    """The row that a member with a name of its own is, and the path at which that stands."""

    row_id: str
    path: JsonPath


class MemberList(NamedTuple):
    """The ids of the members in a list, each once, in its first place. `aliases` has those that are
    names, and no ids of rows.
    """

    ids: list[str]
    aliases: Mapping[str, Alias]


class ListedKind(NamedTuple):
    """What members of a DAG are called by: `id_name` is the key of their rows, `read` reads a name
    of their own, and `settings` are the names of those that they have elsewhere in the row, in the
    attribute `configs`.
    """

    id_name: str
    read: Callable[[Any], str | Mistake]
    settings: Collection[str]
    configs: str


def member_list(attributes: Attributes, attribute: str, kind: ListedKind) -> MemberList:
    """Reads the members of `kind` in `attribute`."""
    problems: list[Problem] = []
    aliases: dict[str, Alias] = {}
    ids: dict[str, JsonPath] = {}
    for index, entry in enumerate(listed_ids(attributes.item.get(attribute), problems)):
        path = (index,)
        if not isinstance(entry, dict):
            id_ = read_id(entry, path, problems)
            if id_ in aliases:
                problems.append(_twice(id_, path))
        elif alias := _read_alias(entry, kind, path, problems):
            id_, row_id = alias
            if id_ in ids:
                problems.append(_twice(id_, path))
            aliases.setdefault(id_, Alias(row_id, path))
        else:
            continue
        if id_:
            ids.setdefault(id_, path)
    attributes.report(attribute, problems)
    return MemberList(list(ids), aliases)


def row_ids(members: Collection[str], aliases: Mapping[str, Alias]) -> list[str]:
    """Returns the ids of the rows that `members` are, each once."""
    ids = (aliases[member].row_id if member in aliases else member for member in members)
    return list(dict.fromkeys(ids))


def _read_alias(
    entry: dict[str, Any], kind: ListedKind, path: JsonPath, problems: list[Problem]
) -> tuple[str, str] | None:
    """Reads the name in `entry` and the id of the row; None, and a problem, where it lacks one."""
    known = (kind.id_name, "as")
    problems += [_unknown(key, kind, entry, path) for key in entry if key not in known]
    if missing := [name for name in known if _is_empty(entry.get(name))]:
        problems.append(_missing(missing[0], kind, path))
        return None
    row_id = read_id(entry[kind.id_name], (*path, kind.id_name), problems)
    name = kind.read(entry["as"])
    if isinstance(name, Mistake):
        problem = wrong_format(name, (*path, "as"))
        guesses = name.proposals
        problems.append(
            proposing(problem, guesses, lambda it: not isinstance(kind.read(it), Mistake))
        )
        return None
    return (name, row_id) if row_id else None


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _missing(name: str, kind: ListedKind, path: JsonPath) -> Problem:
    form = f'{{"{kind.id_name}": "7", "as": "a_name"}}'
    hint = f"Write the id alone, or {form} for the row 7 under a name of its own."
    return Problem(Code.MISSING_PARAMETER, f"{name!r} is missing", hint, path)


def _unknown(key: str, kind: ListedKind, entry: dict[str, Any], path: JsonPath) -> Problem:
    problem = unknown_key(key, (kind.id_name, "as"), entry, path)
    if key not in kind.settings:
        return problem
    hint = f"It stands in {kind.configs}, under what the member is called here."
    return replace(problem, hint=hint, proposal="")


def _twice(id_: str, path: JsonPath) -> Problem:
    return Problem(
        Code.DUPLICATE_KEY,
        f"{id_!r} stands twice in the list",
        "Give one of them another name, by `as`.",
        path,
    )
