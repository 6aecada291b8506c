"""Applies what a diagnostic proposes to the rows of a case."""

import ast
import copy
import json
import re
from typing import Any

from dagc.compiler import Diagnostic, row_key
from tests.golden.case import Case

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[('(?:[^'\\]|\\.)*')\]")


def repaired(case: Case, diagnostic: Diagnostic, proposal: dict[str, Any]) -> Case:
    """`case` with the proposal in the place of what `diagnostic` is about."""
    tables = copy.deepcopy(case.tables)
    for item in tables[diagnostic.table]:
        if row_key(diagnostic.table, item).key == diagnostic.key:
            _repair(item, diagnostic, proposal)
    return Case(case.folder, tables, case.target, case.environment, case.team)


def _repair(item: dict[str, Any], diagnostic: Diagnostic, proposal: dict[str, Any]) -> None:
    *steps, last = [diagnostic.attribute, *steps_of(diagnostic.path)]
    while isinstance(item[diagnostic.attribute], str) and diagnostic.path:
        item[diagnostic.attribute] = json.loads(item[diagnostic.attribute])
    holder: Any = item
    for step in steps:
        holder = holder[step]
    if names := proposal.get("remove"):
        holder[last] = {name: it for name, it in holder[last].items() if name not in names}
    elif "remove" in proposal:
        del holder[last]
    elif "key" in proposal:
        holder[proposal["key"]] = holder.pop(last)
    else:
        holder[last] = proposal["value"]


def steps_of(path: str) -> list[str | int]:
    return [
        name or (int(index) if index else ast.literal_eval(quoted))
        for name, index, quoted in _STEP.findall(path)
    ]
