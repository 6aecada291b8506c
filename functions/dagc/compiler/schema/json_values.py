"""Reads and checks JSON as rows hold it, a JSON text or data of DynamoDB; numbers stay exact.

A JSON text says by a fraction or an exponent that a number is a float: `1.0` and `1e22` are, as
Airflow's own `json.loads` has it. DynamoDB has one kind of number, and writes `1e22` as an integer.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.schema.json_hints import json_hint
from dagc.compiler.schema.text import check_jinja, check_text

MAX_DEPTH = 50
"""Levels of nesting. CPython's own parser gives up on a generated file beyond some hundred."""


def parse_json(text: str, problems: list[Problem]) -> Any:
    """Reads a JSON text; returns None, and a problem with line and column, if it is no JSON."""
    return _read(_DECODER.decode, text, problems)


def parse_documents(text: str, problems: list[Problem]) -> list[Any]:
    """Reads the JSON texts that stand one after another in `text`, on lines of their own or not,
    their numbers as DynamoDB would hold them; none, and a problem, if one is no JSON.
    """
    return _read(_documents, text, problems) or []


def _documents(text: str) -> list[Any]:
    documents: list[Any] = []
    position = _after_blanks(text, 0)
    while position < len(text):
        if documents and text[position] in "]},":
            raise json.JSONDecodeError("Extra data", text, position)
        document, position = _DYNAMODB_DECODER.raw_decode(text, position)
        documents.append(document)
        position = _after_blanks(text, position)
    return documents


def _after_blanks(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _read(decode: Callable[[str], Any], text: str, problems: list[Problem]) -> Any:
    try:
        return decode(text)
    except json.JSONDecodeError as error:
        problems.append(
            Problem(
                Code.BAD_JSON,
                f"not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}, "
                f"column {error.colno}, near {text[max(0, error.pos - 20) : error.pos + 20]!r}",
                json_hint(error),
            )
        )
    except _DuplicateKeyError as error:
        problems.append(
            Problem(
                Code.DUPLICATE_KEY,
                f"the key {error.args[0]!r} stands twice in one object",
                "Keep one of them; which one counts would be a matter of luck.",
            )
        )
    except RecursionError:
        problems.append(_too_deep(()))
    except ValueError:
        problems.append(
            Problem(
                Code.BAD_NUMBER,
                "an integer of more than 4,300 digits",
                "Write it as a text.",
            )
        )
    return None


def parse_unfolded(text: str, problems: list[Problem]) -> Any:
    """Reads a JSON text as `parse_json` does; where it holds a text that looks like an object or a
    list of JSON, because somebody encoded it twice, reads that one.
    """
    value = parse_json(text, problems)
    while isinstance(value, str) and value.lstrip().startswith(("{", "[", '"')):
        within: list[Problem] = []
        value = parse_json(value, within)
        problems += [
            replace(problem, message=f"in JSON that is encoded twice, {problem.message}")
            for problem in within
        ]
    return value


_BLANKS = re.compile(r"[ \t\r\n]*")


def check_json(
    value: Any, path: JsonPath, problems: list[Problem], *, templated: bool = False
) -> Any:
    """Returns `value` as plain Python data; what JSON or Airflow could not hold becomes a problem.

    With `templated`, every text in it must be valid Jinja.
    """
    if isinstance(value, str):
        check_text(value, path, problems)
        if templated:
            check_jinja(value, path, problems)
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if len(path) > MAX_DEPTH:
        problems.append(_too_deep(path))
        return None
    if isinstance(value, dict):
        for key in value:
            check_text(key, path, problems)
        return {
            k: check_json(v, (*path, k), problems, templated=templated) for k, v in value.items()
        }
    if isinstance(value, list):
        return [
            check_json(v, (*path, i), problems, templated=templated) for i, v in enumerate(value)
        ]
    problem = number_problem(value, path) or Problem(
        Code.BAD_TYPE, f"{kind_of(value)} is no JSON", "Use a list, a map, text or a number.", path
    )
    if isinstance(value, float) and math.isfinite(value):
        return value
    problems.append(problem)
    return None


def number_problem(value: object, path: JsonPath) -> Problem | None:
    """Returns the problem of a number that a Python float cannot hold, or None."""
    if isinstance(value, float) and not math.isfinite(value):
        return Problem(
            Code.BAD_NUMBER, f"{value} is no number of JSON", "Use a finite number.", path
        )
    if isinstance(value, Decimal):
        return Problem(
            Code.BAD_NUMBER,
            f"{_shown(value)} is too large or too precise for a float",
            "Write it as a text, or with fewer digits.",
            path,
        )
    return None


def _shown(value: Decimal) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:56]}…"


def as_compact_json(value: Any) -> str:
    """Returns `value` as the shortest JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def exact_number(value: Decimal) -> int | float | Decimal:
    """Returns the int equal to a whole `value` that DynamoDB can hold; the float whose shortest
    text equals any other; `value` itself where there is none.
    """
    if value.is_finite() and value.adjusted() <= _LARGEST and value == value.to_integral_value():
        return int(value)
    return _exact_float(value)


def whole_number(value: float) -> int | float:
    """Returns the int that a float is written as, also `1e23`, which is not `int(1e23)`; `value`
    itself where it is none that DynamoDB could hold.
    """
    exact = exact_number(Decimal(repr(value)))
    return exact if isinstance(exact, int) else value


def _exact_float(value: Decimal) -> float | Decimal:
    number = float(value)
    return number if not value.is_finite() or Decimal(repr(number)) == value else value


_LARGEST = 125
"""The exponent of DynamoDB's largest numbers, 9.9…E+125. Beyond, an int would be long as can be."""


def kind_of(value: object) -> str:
    """Returns what JSON and DynamoDB call the type of `value`."""
    names = {
        str: "a text", bool: "a boolean", int: "a number", float: "a number",
        Decimal: "a number", list: "a list", dict: "an object",
        set: "a set", frozenset: "a set", bytes: "binary data", bytearray: "binary data",
    }  # fmt: skip
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _too_deep(path: JsonPath) -> Problem:
    return Problem(
        Code.TOO_LARGE, f"nested more than {MAX_DEPTH} levels deep", "Flatten the value.", path[:3]
    )


class _DuplicateKeyError(Exception):
    pass


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
    return result


def _float_in_json(text: str) -> float | Decimal:
    """Returns a number that has a fraction or an exponent."""
    try:
        return _exact_float(Decimal(text))
    except InvalidOperation:  # an exponent beyond any
        return math.inf


def _float_in_dynamodb(text: str) -> int | float | Decimal:
    """Returns the number, as DynamoDB would hold it: there, 1.0 is 1."""
    try:
        return exact_number(Decimal(text))
    except InvalidOperation:
        return math.inf


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_float=_float_in_json)
_DYNAMODB_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_float=_float_in_dynamodb)
