"""Finds what DynamoDB would refuse in a row, before anything is written. Pure.

The limits are those of "Constraints in Amazon DynamoDB" and "DynamoDB item sizes and formats".
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from dagc.aws.row_tables import is_key
from dagc.aws.row_writes import MOST_COMPARED, differing
from dagc.changes.row_change import RowChange
from dagc.compiler import KEYS, Code, Diagnostic, Item, JsonPath, Problem

MAX_SIZE = 400 * 1024
"""Bytes of an item, the names of its attributes among them."""
_MAX_DEPTH = 32
"""Levels of lists and maps in an attribute, itself among them."""
_MAX_DIGITS = 38
_SMALLEST, _LARGEST = -130, 125
"""Exponents of ten of a number that is not zero."""


def unstorable(change: RowChange, key_types: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What DynamoDB would not take of the row as it is to be. `key_types` has the type of each key
    attribute, `S` or `N`.
    """
    row, seen, wanted = change
    for position, (name, text) in enumerate(row.key):
        if not is_key(key_types[name], text, is_sort_key=bool(position)):
            yield _bad_key(key_types[name], text).at(row, name)
    if wanted is None:
        return
    for name, value in sorted(wanted.items()):
        if name not in KEYS[row.table]:
            for problem in _problems(value, ()):
                yield problem.at(row, name)
    size = _item_size(wanted)
    if size > MAX_SIZE:
        yield Problem(
            Code.TOO_LARGE,
            f"the row has {size:,} bytes, where DynamoDB takes {MAX_SIZE:,}",
            "Shorten it: move long texts, such as SQL, to files that Airflow reads.",
        ).at(row, _largest(wanted))
    if seen is not None and (changed := len(differing(row, seen, wanted))) > MOST_COMPARED:
        yield Problem(
            Code.TOO_LARGE,
            f"{changed} attributes change at once, where one request takes {MOST_COMPARED}",
            "Change some of them first, and the others after that.",
        ).at(row, "")


def _bad_key(kind: str, text: str) -> Problem:
    if not text:
        return Problem(Code.MISSING_ATTRIBUTE, "the key is empty", "Give the row one.")
    if kind == "N":
        return Problem(
            Code.BAD_TYPE,
            f"the key is {text[:60]!r}, where the table has numbers as keys",
            "Write it as a number, without zeros in front.",
        )
    long = Problem(Code.TOO_LARGE, "the key is longer than DynamoDB takes", "Shorten it.")
    return next(_text_problems(text, ()), long)


def _problems(value: Any, path: JsonPath) -> Iterator[Problem]:
    if isinstance(value, Mapping | list) and len(path) >= _MAX_DEPTH:
        hint = "Flatten it, or write it as a JSON text."
        yield Problem(Code.TOO_LARGE, f"nested in more than {_MAX_DEPTH} levels", hint, path[:3])
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _problems(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _problems(inner, (*path, index))
    elif isinstance(value, set | frozenset):
        yield from _set_problems(value, path)
    elif isinstance(value, str):
        yield from _text_problems(value, path)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield from _number_problems(value, path)


def _set_problems(values: frozenset[Any] | set[Any], path: JsonPath) -> Iterator[Problem]:
    if not values:
        hint = "Leave the attribute out, or write an empty list."
        yield Problem(Code.BAD_VALUE, "an empty set, which DynamoDB does not have", hint, path)
    for value in sorted(values, key=repr):
        yield from _problems(value, path)


def _text_problems(text: str, path: JsonPath) -> Iterator[Problem]:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = f"half a character (U+{ord(text[error.start]):04X}) at position {error.start}"
        hint = "Write the whole character: a surrogate alone is no Unicode text."
        yield Problem(Code.BAD_TEXT, message, hint, path)


def _number_problems(value: float | Decimal, path: JsonPath) -> Iterator[Problem]:
    number = Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        message = f"{value}, which DynamoDB does not have"
    elif _digits(number) > _MAX_DIGITS:
        message = f"a number of {_digits(number)} digits, where DynamoDB keeps {_MAX_DIGITS}"
    elif number and not _SMALLEST <= number.adjusted() <= _LARGEST:
        message = f"{value}, where DynamoDB has numbers from 1E-130 to 9.9E+125"
    else:
        return
    yield Problem(Code.BAD_NUMBER, message, "Write it as a text, in quotes, or round it.", path)


def _digits(number: Decimal) -> int:
    """Its digits without zeros in front and at the end."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0")) or 1


def _item_size(item: Item) -> int:
    return sum(len(_encoded(name)) + _size(value) for name, value in item.items())


def _largest(item: Item) -> str:
    return max(item, key=lambda name: _size(item[name]))


def _size(value: Any) -> int:
    if isinstance(value, Mapping):
        return 3 + sum(1 + len(_encoded(name)) + _size(inner) for name, inner in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _size(inner) for inner in value)
    if isinstance(value, set | frozenset):
        return sum(map(_size, value))
    if isinstance(value, str):
        return len(_encoded(value))
    if isinstance(value, bytes):
        return len(value)
    if value is None or isinstance(value, bool):
        return 1
    number = Decimal(repr(value) if isinstance(value, float) else value)
    return 1 + (_digits(number) + 1) // 2 if number.is_finite() else 1


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")
