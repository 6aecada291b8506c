"""Reads the attributes that name other rows: lists of ids, dependencies, overrides by id."""

from collections.abc import Iterable
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.rows.id_lists import listed_ids
from dagc.compiler.schema.json_values import kind_of, whole_number
from dagc.compiler.schema.messages import unknown_key
from dagc.compiler.schema.text import check_text

Dependencies = dict[str, list[str]]
"""Each id that a dependency list names, with the ids that it runs after."""


def id_text(value: Any) -> str | None:
    """Returns `value` as the text of an id: 1, 1.0 and "1" are the same. None where it is no id."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(whole_number(value) if isinstance(value, float) else value)


def read_ids(value: Any, path: JsonPath, problems: list[Problem]) -> list[str]:
    """Reads the ids in `1,2`, `"a1","b2"`, `["1", "2"]` or 1; each once, in its first place."""
    unreadable: list[Problem] = []
    entries = listed_ids(value, unreadable)
    if unreadable:
        problems += [problem.inside(*path) for problem in unreadable]
    ids: dict[str, None] = {}
    for index, entry in enumerate(entries):
        if id_ := read_id(entry, (*path, index), problems):
            ids[id_] = None
    return list(ids)


def read_id(value: Any, path: JsonPath, problems: list[Problem]) -> str:
    """Reads `value` as the text of an id; "" and a problem where it is no id."""
    text = id_text(value)
    if text is None:
        problems.append(type_problem(value, "an id (text or number)", path))
        return ""
    check_text(text, path, problems)
    return text


def read_dependency(
    entry: Any, id_name: str, path: JsonPath, dependencies: Dependencies, problems: list[Problem]
) -> None:
    """Adds an entry `{"<id_name>": "1", "pid": "2"}`, which says "1 after 2", to `dependencies`."""
    if not isinstance(entry, dict):
        problems.append(type_problem(entry, f'an object like {{"{id_name}": "1"}}', path))
        return
    if not entry.keys() <= {id_name, "pid"}:
        known = (id_name, "pid")
        problems += [unknown_key(key, known, entry, path) for key in entry if key not in known]
    given = entry.get(id_name)
    id_ = "" if given is None else read_id(given, (*path, id_name), problems)
    if given is None or given == "":
        problems.append(
            Problem(
                Code.MISSING_PARAMETER,
                f"{id_name!r} is missing",
                f'Write {{"{id_name}": "1", "pid": "2"}} where 1 waits for 2.',
                path,
            )
        )
    if not id_:
        return
    parents = dependencies.setdefault(id_, [])
    pid = entry.get("pid")
    if isinstance(pid, list):
        pid = [parent for parent in pid if parent]
    for parent in read_ids(pid or None, (*path, "pid"), problems):
        if parent == id_:
            problems.append(
                Problem(
                    Code.SELF_DEPENDENCY,
                    f"{id_!r} is its own `pid`",
                    "Leave `pid` empty for what waits for nothing.",
                    (*path, "pid"),
                    Severity.WARNING,
                )
            )
        elif parent not in parents:
            parents.append(parent)


def without_zero(dependencies: Dependencies, members: Iterable[str]) -> Dependencies:
    """Returns `dependencies` without those on "0", which means "none", as a pid of 0 does.

    Where the row has a member 0, by `members` or by an entry of its own, "0" means that one: the
    project that dagc replaces takes the number for "none", and the text for an id.
    """
    if "0" in dependencies or "0" in members:
        return dependencies
    return {
        id_: [parent for parent in parents if parent != "0"]
        for id_, parents in dependencies.items()
    }


def dependency_ids(dependencies: Dependencies) -> list[str]:
    """Returns all ids that a dependency list names, in its order."""
    return [id_ for child, parents in dependencies.items() for id_ in (child, *parents)]


def config_entries(
    value: Any, id_name: str, problems: list[Problem]
) -> list[tuple[JsonPath, Any, Any]]:
    """Reads path, id and content of each override in `{"1": {…}}` or `[{"<id_name>": "1", …}]`."""
    if isinstance(value, dict):
        return [((key,), key, config) for key, config in sorted(value.items())]
    entries: list[tuple[JsonPath, Any, Any]] = []
    for index, entry in enumerate(value or []):
        if isinstance(entry, dict) and id_name in entry:
            rest = {key: config for key, config in entry.items() if key != id_name}
            entries.append(((index,), entry[id_name], rest))
        else:
            problems.append(
                Problem(
                    Code.MISSING_PARAMETER,
                    f"{id_name!r} is missing",
                    f'Say whose they are: {{"{id_name}": "1", …}}.',
                    (index,),
                )
            )
    return entries


def type_problem(value: Any, expected: str, path: JsonPath) -> Problem:
    """Returns the problem of a `value` that is not what is `expected`, such as "a text"."""
    return Problem(
        Code.BAD_TYPE, f"{kind_of(value)} instead of {expected}", f"Write {expected}.", path
    )
