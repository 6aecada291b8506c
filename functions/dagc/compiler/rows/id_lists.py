"""Reads a list of ids as people write one into a text: `1,2`, `"a1","b2"`, `["a1", "b2"]`.

The project that dagc replaces reads such a text as the inside of a JSON array, so ids that are no
numbers stand in double quotes in its tables. Quotes are optional here, each id for itself: what is
in quotes, double or single, is one id, whatever is in it; what is not ends at a comma.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.schema.json_values import kind_of, parse_json

_ENTRY = re.compile(
    r"""\s*(?:
        (?P<json>"(?:[^"\\]|\\.)*")
      | '(?P<single>[^']*)'
      | (?P<bare>[^,"'\s](?:[^,]*[^,\s])?)?
    )\s*(?P<end>,|$)""",
    re.VERBOSE | re.DOTALL,
)
_APART = re.compile(r"[\s,;|，、；]+")
"""What people put between ids: of these, a comma alone ends one."""


def listed_ids(value: Any, problems: list[Problem]) -> list[Any]:
    """Returns the entries of the list in `value`, a text or native data; none, and a problem, where
    it is no list.

    A single number is a list of one. A set is an error: what follows from its order, if only where
    a task stands in the file, would be a matter of luck. It is one with a single member, too, for
    the second will come.
    """
    if value is None:
        return []
    if isinstance(value, str):
        return _in_text(value.strip(), problems)
    if isinstance(value, set | frozenset):
        texts = sorted(map(str, value), key=lambda text: (len(text), text))
        members = json.dumps(texts, ensure_ascii=False)
        message = "a set, which has no order, instead of a list of ids"
        problems.append(Problem(Code.BAD_TYPE, message, f"Write a list: {members}."))
        return []
    if isinstance(value, dict | bool | bytes):
        message = f"{kind_of(value)} instead of a list of ids"
        hint = 'Write ids with commas between them, such as \'1,2\', or ["1", "2"].'
        problems.append(Problem(Code.BAD_TYPE, message, hint))
        return []
    return value if isinstance(value, list) else [value]


def several(id_: str) -> str:
    """Returns what to do, if an id that no row has was meant as several; "" if it was not."""
    parts: Sequence[str] = [part for part in _APART.split(id_.strip("[]")) if part]
    if len(parts) < 2:
        return ""
    as_list = json.dumps(parts, ensure_ascii=False)
    return f" Several ids stand with commas between them: '{','.join(parts)}', or {as_list}."


def _in_text(text: str, problems: list[Problem]) -> list[Any]:
    if text.startswith(("[", '"[')):
        not_json: list[Problem] = []
        entries = parse_json(text, not_json)
        if isinstance(entries, str):  # encoded twice
            return _in_text(entries.strip(), problems)
        if isinstance(entries, list):
            return entries
        if text.startswith("["):
            if "{" in text or not text.endswith("]"):
                problems += not_json
                return []
            text = text[1:-1]
    if '"' not in text and "'" not in text:
        return text.split(",")
    return _in_quotes(text, problems)


def _in_quotes(text: str, problems: list[Problem]) -> list[Any]:
    """Returns the entries of a list of ids, some of which are in quotes."""
    entries: list[Any] = []
    position = 0
    while position < len(text):
        found = _ENTRY.match(text, position)
        if found is None:
            problems.append(_stray_quote(text, position))
            return []
        if found["json"]:
            entries.append(parse_json(found["json"], problems) or "")
        else:
            entries.append(found["single"] or found["bare"] or "")
        position = found.end()
    return entries


def _stray_quote(text: str, position: int) -> Problem:
    """Returns the problem of the entry at `position`: a quote that opens and does not close, or
    that closes before more text.
    """
    entry = text[position:].strip()
    message = (
        f"no list of ids: a quote is not closed, or no comma is behind it, near {entry[:20]!r}"
    )
    hint = 'Write ids with commas between them, such as \'1,2\', or "a1","b2".'
    return Problem(Code.BAD_VALUE, message, hint)
