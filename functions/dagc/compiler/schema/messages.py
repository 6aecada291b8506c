"""What a schema reports: a problem for each kind of mistake."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, known_words, nearest, slip
from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.json_values import as_compact_json, kind_of, number_problem
from dagc.compiler.schema.other_names import other_key, other_value, setting_hint
from dagc.compiler.schema.templated_texts import has_jinja
from dagc.compiler.targets import Target

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_LIMITS = {
    "minimum": (Code.BAD_VALUE, "is", "", "Write {limit} or more."),
    "maximum": (Code.BAD_VALUE, "is", "", "Write {limit} or less."),
    "minLength": (Code.BAD_VALUE, "has", " characters", "Write {difference:,} more."),
    "maxLength": (Code.TOO_LARGE, "has", " characters", "Shorten it by {difference:,}."),
    "maxBytes": (Code.TOO_LARGE, "has", " bytes in UTF-8", "Shorten it by {difference:,}."),
    "minItems": (Code.BAD_VALUE, "has", " entries", "Add {difference:,}."),
    "maxItems": (Code.TOO_LARGE, "has", " entries", "Take out {difference:,}, or split it."),
}
_SIMILAR = 0.8
"""How alike a value must be to what is meant: "sns" is no slip for "ses"."""
_SIMILAR_KEY = 0.75


def proposing(
    problem: Problem, candidates: Iterable[Any], is_accepted: Callable[[Any], bool]
) -> Problem:
    """Returns `problem`, its hint the first of `candidates` that is accepted in that place."""
    for candidate in candidates:
        if is_accepted(candidate):
            return problem.proposing(candidate)
    return problem


def of_other_type(value: Any, kinds: Collection[str]) -> Iterator[Any]:
    """Returns what was probably meant by a `value` whose type is none of `kinds`."""
    if isinstance(value, str):
        try:
            meant = json.loads(_YAML_BOOLEANS.get(value.lower(), value))
        except (ValueError, RecursionError):
            meant = None
        encoded = isinstance(meant, dict) and "object" in kinds
        encoded = encoded or (isinstance(meant, list) and "array" in kinds)
        if encoded or isinstance(meant, bool | int | float):
            yield meant
        pairs = dict(_PAIR.findall(value)) if _PAIRS.fullmatch(value) else {}
        if pairs and "object" in kinds:
            yield pairs
        if "array" in kinds and value:
            yield from (meant for meant in (_entries(value), _as_names_and_values(pairs)) if meant)
    elif isinstance(value, dict) and "array" in kinds:
        yield [value]
        yield _as_names_and_values(value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and "string" in kinds:
        yield str(value)


def _entries(value: str) -> list[str] | None:
    """Returns the entries of a list that somebody wrote as a text; None where that is not sure. A
    text with blanks may be a command, which a list of one would break, and one with Jinja any list.
    """
    if not _WORDS.fullmatch(value):
        return None if _MORE_THAN_ONE.search(value) else [value]
    return _BETWEEN.split(value)


def _as_names_and_values(pairs: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the pairs in the form that AWS APIs have for such."""
    scalars = (str, int, float)
    return [
        {"name": name, "value": str(value) if isinstance(value, scalars) else value}
        for name, value in pairs.items()
    ]


_PAIR = re.compile(r"(\w+) ?= ?([^\s,;=]+)")
_PAIRS = re.compile(rf"{_PAIR.pattern}(?:[\s,;]+{_PAIR.pattern})*")
_BETWEEN = re.compile(r" *[,;，、；] *")
_WORDS = re.compile(rf"\w[\w.@:/*-]*(?:{_BETWEEN.pattern}\w[\w.@:/*-]*)*")
_MORE_THAN_ONE = re.compile(r"[\s,;，、；]|\{\{|\{%|\{#")
_YAML_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"} | {
    word: word for word in ("true", "false")
}


def wrong_type(
    value: Any, kinds: Sequence[str], path: JsonPath, *, templated: bool = False
) -> Problem:
    """Returns the problem of a value whose type is none of `kinds`, in JSON Schema's words.

    `templated` says that Airflow renders the texts that stand there.
    """
    if problem := number_problem(value, path):
        return problem
    wanted = [name for name in kinds if name != "integer" or "number" not in kinds]
    expected = " or ".join(_KINDS[name] for name in wanted)
    quotes = ", without quotes" if isinstance(value, str) and "array" not in kinds else ""
    given = repr(value) if isinstance(value, float) and "number" not in kinds else kind_of(value)
    message = f"{given} instead of {expected}"
    hint = f"Write {expected}{quotes}."
    if isinstance(value, str) and wanted == ["array"]:
        hint = "Write a list: in [ ], with commas between its entries."
    if isinstance(value, str) and has_jinja(value):
        inside = " It may stand in the texts inside." if templated else ""
        inside = inside if {"array", "object"}.intersection(kinds) else ""
        hint = f"Write {expected}: whatever Jinja makes is a text.{inside}"
    return Problem(Code.BAD_TYPE, message, hint, path)


def unknown_value(value: Any, known: Sequence[Any], path: JsonPath) -> Problem:
    """Returns the problem of a value that is not one of `known`."""
    message = f"{value!r} is not one of the known values"
    problem = Problem(Code.BAD_VALUE, message, known_words(map(str, known)), path)
    near = None
    if isinstance(value, str):
        near = other_value(value, known) or slip(value, known, _SIMILAR)
    return problem.proposing(near) if near else problem


def wrong_format(mistake: Mistake, path: JsonPath) -> Problem:
    """Returns the problem of a value in which a format found a mistake."""
    return Problem(mistake.code, mistake.message, mistake.hint, path)


def out_of_bounds(value: Any, keyword: str, limit: Any, path: JsonPath) -> Problem:
    """Returns the problem of a `value` beyond the `limit` that `keyword` sets."""
    code, verb, unit, hint = _LIMITS[keyword]
    if keyword in ("minLength", "minItems") and (blank := _blank(value, limit)):
        return Problem(
            code, f"{kind_of(value)} with {blank} in it", "Fill it, or leave it out.", path
        )
    size = value if verb == "is" else len(_counted(value, keyword))
    bound, word = ("at least", "needed") if keyword.startswith("min") else ("at most", "allowed")
    be = "is" if verb == "is" else "are"
    message = f"{_name(path)} {verb} {size:,}{unit}, where {bound} {limit:,} {be} {word}"
    difference = abs(size - limit)
    return Problem(code, message, hint.format(limit=limit, difference=difference), path)


def _blank(value: str | list[Any], limit: int) -> str:
    """Returns in words that there is nothing in `value`; "" where there is something."""
    if isinstance(value, str) and value and not value.strip():
        return "nothing but blanks"
    return "nothing" if not value and limit == 1 else ""


def _counted(value: Any, keyword: str) -> Any:
    if isinstance(value, dict):
        return as_compact_json(value)
    return value.encode(errors="replace") if keyword == "maxBytes" else value


def _name(path: JsonPath) -> str:
    """Returns the value at `path`, in words."""
    if path and isinstance(path[-1], int):
        return f"entry {path[-1]} of {_name(path[:-1])}"
    return repr(path[-1]) if path else "it"


def pattern_mismatch(value: str, expected: str, example: str | None, path: JsonPath) -> Problem:
    """Returns the problem of a text that does not match the regular expression `expected`; the
    `example` does.
    """
    message = f"{value[:60]!r} has another form than is expected"
    hint = f"Write a text that matches {expected}"
    if example is not None:
        hint = f"Write it in the form of {example!r}."
    return Problem(Code.BAD_VALUE, message, hint, path)


def unknown_key(name: str, known: Iterable[str], given: Collection[str], path: JsonPath) -> Problem:
    """Returns the problem of a key, beside the others that are `given`, that the schema does not
    know.
    """
    known = list(known)
    problem = Problem(Code.UNKNOWN_KEY, f"unknown key {name!r}", known_words(known), (*path, name))
    near = other_key(name, known)
    if near is None and (hint := setting_hint(name, known)):
        return replace(problem, hint=hint)
    near = near or slip(name, known, _SIMILAR_KEY)
    if (beside := near or nearest(name, known)) and beside in given:
        hint = f"Remove it, or is it meant for {beside!r}, which is here too?"
        return replace(problem, hint=hint)
    return problem.proposing_key(near) if near else problem


def missing_key(name: str, path: JsonPath) -> Problem:
    """Returns the problem of a key that is required and not there."""
    return Problem(Code.MISSING_PARAMETER, f"{name!r} is missing", f"Add {name!r} here.", path)


def later_key(since: Target, target: Target, path: JsonPath) -> Problem:
    """Returns the problem of a key that came with the Airflow `since`, in a row for `target`."""
    whose = "operator" if len(path) == 1 else "boto3"
    return Problem(
        Code.UNSUPPORTED,
        f"the {whose} of Airflow {target} has no {path[-1]!r}",
        f"It came with that of Airflow {since}: leave it out, or deploy for that version.",
        path,
    )


def unrendered(path: JsonPath) -> Problem:
    """Returns the problem of a text with Jinja that Airflow would leave as it stands."""
    return Problem(
        Code.BAD_JINJA,
        f"Jinja in {_name(path)}, which Airflow does not render",
        "Write the value itself: what stands in the row is what the service would get.",
        path,
    )


def no_result(name: str, path: JsonPath) -> Problem:
    """Returns the problem of a result in the place of a value that its operator looks at before."""
    message = f"the operator takes no result of a task for {name!r} as it is"
    hint = "Let Jinja take it: write {{ ti.xcom_pull(task_ids='the task_name') }}."
    return Problem(Code.UNSUPPORTED, message, hint, path)
