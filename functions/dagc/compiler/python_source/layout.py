"""Lays a value out as black would: on one line where it fits, one element a line where not.

Black (stable style) keeps an exploded bracket with a trailing comma as it is, and leaves alone a
line that fits. So only two forms are ever printed, and no second formatting pass is needed; the
tests prove it with black as the oracle. black costs 98 % of a compile that uses it as a printer.

The keys of a dict are sorted: those of a map in DynamoDB have no order.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from dagc.compiler.python_source.nodes import Call, ImportFrom, NodeDict, RawSource
from dagc.compiler.python_source.strings import (
    is_multiline,
    quoted,
    triple_quoted,
    width,
)

WIDTH = 88
INDENT = 4

_PRINTED_AS_THEY_ARE = (bool, int, type(None))
_CLOSING = re.compile(r"\n *\).*")
"""The end of a call whose arguments have lines of their own, and what follows on its line."""
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


def layout(value: Any, indent: int = 0, prefix: int = 0, suffix: int = 0) -> str:
    """The source of `value`, for a line that is indented by `indent` columns.

    `prefix` and `suffix` are the widths of what stands before and after it on its line. Lines
    after the first carry their whole indentation.
    """
    flat = one_line(value)
    if flat is not None and indent + prefix + width(flat) + suffix <= WIDTH:
        return flat
    return _exploded(value, flat, indent)


def _exploded(value: Any, flat: str | None, indent: int) -> str:
    """One element a line; `flat`, which is `value` on one line, where there are no elements."""
    opening, closing, elements = _bracket(value)
    if not elements:
        return triple_quoted(value) if flat is None else flat
    margin = " " * (indent + INDENT)
    lines = [
        f"{margin}{head}{layout(element, indent + INDENT, width(head), 1)},"
        for head, element in elements
    ]
    return "\n".join([opening, *lines, " " * indent + closing])


def bound(head: str, value: Any, tail: str, indent: int) -> str:
    """The line or lines of `<head><value><tail>`, where the head ends in `=`, `= ` or `: `."""
    return flat_bound(head, value, tail, indent) or (
        f"{' ' * indent}{head}{layout(value, indent, len(head), len(tail))}{tail}"
    )


def flat_bound(head: str, value: Any, tail: str, indent: int) -> str | None:
    """`bound`, but None where a text of several lines stands anywhere in `value`."""
    if value.__class__ is str:
        return None if is_multiline(value) else _bound_text(head, value, tail, indent)
    literal = one_line(value)
    if literal is None:
        return None
    line = f"{' ' * indent}{head}{literal}{tail}"
    if width(line) <= WIDTH:
        return line
    return f"{' ' * indent}{head}{_exploded(value, literal, indent)}{tail}"


@lru_cache(maxsize=16_384)
def _bound_text(head: str, text: str, tail: str, indent: int) -> str:
    """`bound` for a text of one line, which is never cut: it is copied as it stands, to a query
    editor or a template.

    Black puts parentheses around the value of an assignment where that makes it fit, and only
    there. The same few texts, such as a database's name, return in task after task: hence a cache.
    """
    margin = " " * indent
    literal = quoted(text)
    fits = indent + len(head) + width(literal) + len(tail) <= WIDTH
    if not fits and not tail and indent + INDENT + width(literal) <= WIDTH:
        return f"{margin}{head}(\n{margin}    {literal}\n{margin})"
    return f"{margin}{head}{literal}{tail}"


def joined_calls(text: str) -> str:
    """`text`, with each call whose arguments stand one a line on one line, where it fits there."""
    position = 0
    while closing := _CLOSING.search(text, position):
        opening = text.rfind("(\n", 0, closing.start() + 1) + 1
        start = text.rfind("\n", 0, opening) + 1
        call = _joined_call(text[start:opening], text[opening + 1 : closing.start()], closing[0])
        if call is not None:
            text = f"{text[:start]}{call}{text[closing.end() :]}"
        position = closing.end() if call is None else start
    return text


def _joined_call(head: str, arguments: str, closing: str) -> str | None:
    """The call on one line; None where that does not fit, or an argument takes more than a line."""
    end = closing.lstrip("\n ")
    indent = len(closing) - len(end) - 1 + INDENT
    lines = arguments.split("\n")
    if len(head) + len(arguments) - indent * len(lines) - 1 + len(end) > WIDTH:
        return None
    if not all(_is_argument(line, indent) for line in lines):
        return None
    call = f"{head}{' '.join([line[indent:] for line in lines]).removesuffix(',')}{end}"
    return call if width(call) <= WIDTH else None


def _is_argument(line: str, indent: int) -> bool:
    """Whether `line` is the whole of an argument of a call, without a comment."""
    text = line[indent:]
    return text[-1:] == "," and text[0] not in " )]}#" and "  #" not in text


def timedelta_call(value: timedelta) -> Call:
    """`timedelta(minutes=90)`: in the largest unit that holds it exactly."""
    seconds = value.total_seconds()
    for unit, size in _UNITS:
        if seconds and seconds % size == 0:
            return Call("timedelta", keywords={unit: int(seconds // size)})
    return Call("timedelta", keywords={"seconds": int(seconds) if seconds == 0 else seconds})


def one_line(value: Any) -> str | None:
    """`value` on one line; None where it holds a text that must not be on one line."""
    kind = value.__class__
    if kind is str:
        return quoted(value) if "\n" not in value or not is_multiline(value) else None
    if kind in _PRINTED_AS_THEY_ARE:
        return repr(value)
    if kind is float:
        return repr(value).replace("e+", "e")
    if kind is RawSource:
        return str(value.text)
    if kind is ImportFrom:
        return f"from {value.module} import {value.name}"
    opening, closing, elements = _bracket(value)
    texts = [one_line(element) for _, element in elements]
    if None in texts:
        return None
    pairs = zip(elements, texts, strict=True)
    return f"{opening}{', '.join([f'{head}{text}' for (head, _), text in pairs])}{closing}"


def _bracket(value: Any) -> tuple[str, str, list[tuple[str, Any]]]:
    """The brackets of `value` and its elements, each with the text that stands before it."""
    kind = value.__class__
    if kind is list:
        return "[", "]", [("", element) for element in value]
    if kind is NodeDict:
        kind, value = dict, value.values
    if kind is dict:
        return "{", "}", [(f"{quoted(key)}: ", value[key]) for key in sorted(value)]
    if isinstance(value, timedelta):
        value = timedelta_call(value)
    if isinstance(value, Call):
        return f"{value.function}(", ")", list(_call_elements(value))
    if isinstance(value, ImportFrom):
        return f"from {value.module} import (", ")", [("", RawSource(value.name))]
    if isinstance(value, str | int | float | RawSource) or value is None:
        return "", "", []
    raise TypeError(f"no literal for a {type(value).__name__}")


def _call_elements(call: Call) -> Iterator[tuple[str, Any]]:
    for value in call.positional:
        yield "", value
    for name, value in call.keywords.items():
        yield f"{name}=", value
