"""Reads the attributes of an item: ids, lists of ids, dependencies, JSON, status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dagc.diagnostics import Code, Diagnostic, Problem, RowKey, Severity
from dagc.schema import problems as wrong
from dagc.schema.json_values import Path, kind_of, parse_json
from dagc.schema.text import check_text

Item = Mapping[str, Any]
"""A DynamoDB item as plain data: text, int, float, bool, None, list, dict."""

Edges = dict[str, list[str]]
"""Each id that a dependency list names, with the ids that it follows."""


@dataclass(slots=True)
class Attributes:
    """The attributes of one row, and what was found wrong in them so far."""

    row: RowKey
    item: Item
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, attribute: str, problems: Iterable[Problem]) -> None:
        """Adds `problems` of `attribute` to the row's diagnostics."""
        self.diagnostics += [problem.at(self.row, attribute) for problem in problems]

    def text(self, attribute: str) -> str:
        """A text; "" where the attribute is missing."""
        value = self.item.get(attribute)
        if value is None:
            return ""
        problems: list[Problem] = []
        if isinstance(value, str):
            check_text(value, (), problems)
        else:
            problems.append(_type_problem(value, "a text", ()))
            value = ""
        self.report(attribute, problems)
        return value

    def enabled(self) -> bool:
        """`status`: 1 or missing is enabled, 0 disabled."""
        value = self.item.get("status")
        if value is None or value == "":
            return True
        if str(value) in ("1", "True"):
            return True
        if str(value) not in ("0", "False"):
            problem = Problem(
                Code.BAD_VALUE, f"the status {value!r} has no meaning", "Write 1 or 0."
            )
            self.report("status", [problem])
            return True
        return False

    def json_object(self, attribute: str) -> dict[str, Any]:
        """A JSON object, native or as text; empty where the attribute is missing."""
        value = self._json(attribute, (dict,), "a JSON object")
        return value if isinstance(value, dict) else {}

    def ids(self, attribute: str) -> list[str]:
        """A list of ids: `"1,2"` or `["1", "2"]`; each once, in its first place."""
        problems: list[Problem] = []
        ids = _ids(self.item.get(attribute), (), problems)
        self.report(attribute, problems)
        return ids

    def edges(self, attribute: str, id_name: str) -> Edges:
        """A dependency list: `[{"<id_name>": "1", "pid": "2"}]` reads as "1 after 2"."""
        entries = self._json(attribute, (list,), "a JSON list")
        problems: list[Problem] = []
        edges: Edges = {}
        for index, entry in enumerate(entries or []):
            _read_edge(entry, id_name, (index,), edges, problems)
        self.report(attribute, problems)
        return edges

    def configs(self, attribute: str, id_name: str) -> dict[str, tuple[Path, dict[str, Any]]]:
        """Overrides by id, each with its path: `{"1": {…}}` or `[{"<id_name>": "1", …}]`."""
        value = self._json(attribute, (dict, list), "a JSON object by id")
        problems: list[Problem] = []
        result: dict[str, tuple[Path, dict[str, Any]]] = {}
        for path, raw_id, config in _config_entries(value, id_name, problems):
            if not isinstance(config, dict):
                problems.append(_type_problem(config, "an object", path))
                continue
            id_ = _id(raw_id, path, problems)
            if id_ in result:
                problems.append(
                    Problem(
                        Code.DUPLICATE_KEY, f"{id_!r} has two entries", "Merge them into one.", path
                    )
                )
            elif id_:
                result[id_] = (path, config)
        self.report(attribute, problems)
        return result

    def _json(self, attribute: str, types: tuple[type, ...], expected: str) -> Any:
        value = self.item.get(attribute)
        if value is None:
            return None
        problems: list[Problem] = []
        if isinstance(value, str):
            value = parse_json(value, problems) if value.strip() else None
        if value is not None and not isinstance(value, types):
            problems.append(_type_problem(value, expected, ()))
            value = None
        self.report(attribute, problems)
        return value


def id_text(value: Any) -> str | None:
    """An id as text: 1, 1.0 and "1" are the same; None for what is no id."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _ids(value: Any, path: Path, problems: list[Problem]) -> list[str]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = parse_json(value, problems)
    if value is None:
        return []
    if isinstance(value, str):
        value = value.split(",")
    elif not isinstance(value, list):
        value = [value]
    ids = (_id(entry, (*path, index), problems) for index, entry in enumerate(value))
    return list(dict.fromkeys(id_ for id_ in ids if id_))


def _id(value: Any, path: Path, problems: list[Problem]) -> str:
    text = id_text(value)
    if text is None:
        problems.append(_type_problem(value, "an id (text or number)", path))
        return ""
    check_text(text, path, problems)
    return text


def _read_edge(entry: Any, id_name: str, path: Path, edges: Edges, problems: list[Problem]) -> None:
    if not isinstance(entry, dict):
        problems.append(_type_problem(entry, f'an object like {{"{id_name}": "1"}}', path))
        return
    known = (id_name, "pid")
    problems += [wrong.key(key, known, path) for key in entry if key not in known]
    id_ = _id(entry.get(id_name, ""), (*path, id_name), problems)
    if not id_:
        problems.append(
            Problem(
                Code.MISSING_PARAMETER,
                f"{id_name!r} is missing",
                "Say what comes after `pid`.",
                path,
            )
        )
        return
    parents = edges.setdefault(id_, [])
    for parent in _ids(entry.get("pid"), (*path, "pid"), problems):
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
        elif parent != "0" and parent not in parents:
            parents.append(parent)


def _config_entries(
    value: Any, id_name: str, problems: list[Problem]
) -> list[tuple[Path, Any, Any]]:
    if isinstance(value, dict):
        return [((key,), key, config) for key, config in value.items()]
    entries: list[tuple[Path, Any, Any]] = []
    for index, entry in enumerate(value or []):
        if isinstance(entry, dict) and id_name in entry:
            rest = {key: config for key, config in entry.items() if key != id_name}
            entries.append(((index,), entry[id_name], rest))
        else:
            problems.append(
                Problem(
                    Code.MISSING_PARAMETER,
                    f"{id_name!r} is missing",
                    f"Say which one: {{{id_name!r}: '1', …}}.",
                    (index,),
                )
            )
    return entries


def _type_problem(value: Any, expected: str, path: Path) -> Problem:
    return Problem(
        Code.BAD_TYPE, f"{kind_of(value)} instead of {expected}", f"Write {expected}.", path
    )
