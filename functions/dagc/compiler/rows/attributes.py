"""Reads the attributes of one DynamoDB item, and collects what is wrong in them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, RowKey, Severity
from dagc.compiler.rows.references import (
    Dependencies,
    config_entries,
    read_dependency,
    read_id,
    type_problem,
    without_zero,
)
from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.json_values import parse_unfolded
from dagc.compiler.schema.messages import proposing, wrong_format
from dagc.compiler.schema.text import check_text

Item = Mapping[str, Any]
"""A DynamoDB item as plain data: text, int, float, bool, None, list, dict."""


@dataclass(slots=True)
class Attributes:
    """Reads the attributes of one row. `diagnostics` are the mistakes found so far.

    A method that cannot read an attribute reports it, and returns what an absent one would be.
    """

    row: RowKey
    item: Item
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, attribute: str, problems: Iterable[Problem]) -> None:
        """Adds `problems` of `attribute` to the row's diagnostics."""
        for problem in problems:
            self.diagnostics.append(problem.at(self.row, attribute))

    def has_problem(self, attribute: str) -> bool:
        """Says whether a mistake in `attribute` has been reported. Then it is not also reported
        that something in it is missing: the mistake may be the reason.
        """
        return any(diagnostic.attribute == attribute for diagnostic in self.diagnostics)

    def text(self, attribute: str) -> str:
        """Reads the text in `attribute`; "" where there is none."""
        value = self.item.get(attribute)
        if value is None:
            return ""
        problems: list[Problem] = []
        if isinstance(value, str):
            check_text(value, (), problems)
        else:
            problems.append(type_problem(value, "a text", ()))
            value = ""
        self.report(attribute, problems)
        return value

    def name(self, attribute: str, read: Callable[[Any], str | Mistake]) -> str:
        """Reads the name in `attribute`, which becomes an id in Airflow, by `read`; "" where it
        cannot.
        """
        if not self.item.get(attribute):
            hint = f"Set {attribute}: it is the name in Airflow."
            problem = Problem(Code.MISSING_ATTRIBUTE, f"{attribute} is missing", hint)
            self.report(attribute, [problem])
            return ""
        result = read(self.item[attribute])
        if isinstance(result, Mistake):
            self.report(
                attribute,
                [
                    proposing(
                        wrong_format(result, ()),
                        result.proposals,
                        lambda guess: not isinstance(read(guess), Mistake),
                    )
                ],
            )
            return ""
        return result

    def id(self, attribute: str) -> str:
        """Reads the id in the key `attribute`, as it stands. It is reported where no other row
        can name it, since ids in lists are read without the blanks around them.
        """
        id_ = self.row.value(attribute)
        if id_ != id_.strip():
            problem = Problem(
                Code.PADDED_ID,
                f"the key {id_!r} has blanks around it: no other row can name it",
                f"Write the row anew with {attribute} {id_.strip()!r}, and delete this one.",
                severity=Severity.WARNING,
            )
            self.report(attribute, [problem])
        return id_

    def enabled(self) -> bool:
        """Says whether the row is enabled: its `status` is 1, or missing. It is disabled by 0."""
        value = self.item.get("status")
        if value is None or value == "":
            return True
        if str(value) in ("1", "True"):
            return True
        if str(value) not in ("0", "False"):
            problem = Problem(
                Code.BAD_VALUE, f"unknown status {value!r}", "Write 1 (enabled) or 0 (disabled)."
            )
            self.report("status", [problem])
            return True
        return False

    def json_object(self, attribute: str) -> dict[str, Any]:
        """Reads the JSON object in `attribute`, a map or a JSON text; empty where there is none."""
        value = self._json(attribute, (dict,), "a JSON object")
        return value if isinstance(value, dict) else {}

    def dependencies(self, attribute: str, id_name: str, members: Collection[str]) -> Dependencies:
        """Reads the dependencies in `attribute`: `{"<id_name>": "1", "pid": "2"}` is 1 after 2.
        `members` are the ids that the row names elsewhere.
        """
        entries = self._json(attribute, (list,), "a JSON list")
        problems: list[Problem] = []
        dependencies: Dependencies = {}
        for index, entry in enumerate(entries or []):
            read_dependency(entry, id_name, (index,), dependencies, problems)
        self.report(attribute, problems)
        return without_zero(dependencies, members)

    def configs(self, attribute: str, id_name: str) -> dict[str, tuple[JsonPath, dict[str, Any]]]:
        """Reads the overrides in `attribute` by id, each with its path. They are written
        `{"1": {…}}`, or `[{"<id_name>": "1", …}]`.
        """
        value = self._json(attribute, (dict, list), "a JSON object by id")
        problems: list[Problem] = []
        result: dict[str, tuple[JsonPath, dict[str, Any]]] = {}
        for path, raw_id, config in config_entries(value, id_name, problems):
            if not isinstance(config, dict):
                problems.append(type_problem(config, "an object", path))
                continue
            id_ = read_id(raw_id, path, problems)
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
            value = parse_unfolded(value, problems) if value.strip() else None
        if value is not None and not isinstance(value, types):
            problems.append(type_problem(value, expected, ()))
            value = None
        self.report(attribute, problems)
        return value


def is_enabled(row: RowKey, item: Item) -> bool:
    """Says whether the row in `item` is enabled."""
    return Attributes(row, item).enabled()
