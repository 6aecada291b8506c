"""Fills a skeleton with literals in black's layout."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from dagc.compiler.python_source.layout import (
    INDENT,
    WIDTH,
    bound,
    flat_bound,
    joined_calls,
    layout,
)
from dagc.compiler.python_source.nodes import Entries, Keywords, RawSource, node_names
from dagc.compiler.python_source.strings import least_width, width
from dagc.compiler.rendering.black_format import blackened
from dagc.compiler.rendering.constants import Constants
from dagc.compiler.templating.placeholders import ABSENT
from dagc.compiler.templating.skeleton import Line, Skeleton

_TOO_LONG_HEAD = re.compile(rf"^(?=.{{{WIDTH}}}.).* = .*\($", re.MULTILINE)
"""The first line of a call that is assigned to a name, if it does not fit. (It is ASCII.)"""
_COMMENT_AT_END = re.compile(r"(?:(?:\A|\n) *#[^\n]*)+\Z")
_CONDITION = re.compile(r"^ *(?:if|return) .*params\[.*$", re.MULTILINE)
"""A line that black breaks between operators, which only it does, if it does not fit."""


def fill(
    skeleton: Skeleton, values: list[Any], owner: str, constants: Constants, *, formatted: bool
) -> tuple[str, set[str]]:
    """The source text of `skeleton`, its slots filled with `values`; and the names that the values
    need imported. `owner` is the variable that constants are named after. What is not `formatted`
    keeps its lines, for black formats it.
    """
    absent = tuple([index for index, value in enumerate(values) if value is ABSENT])
    lines = skeleton.present.get(absent)
    if lines is None:
        lines = skeleton.present[absent] = _present(skeleton.lines, absent)
    filled = _filled_lines(lines, values, owner, constants)
    text = "\n".join(filled)
    if formatted and "params[" in text and _has_long_condition(text):
        text = _blackened(text)
    elif formatted:
        if max(map(len, filled)) > WIDTH and _TOO_LONG_HEAD.search(text):
            shifted = _shifted_lines(lines, values, owner, constants)
            text = _parenthesized(text, "\n".join(shifted))
        text = joined_calls(text)
    return text, node_names(values)


def _has_long_condition(text: str) -> bool:
    return any(width(line) > WIDTH for line in _CONDITION.findall(text))


def _present(lines: Iterable[Line | str], absent: Collection[int]) -> list[Line | str]:
    """The lines without those whose value is absent, by a filter or by `leave_out`. The comment
    above such a line goes with it.
    """
    present: list[Line | str] = []
    for line in lines:
        if isinstance(line, str) or line.texts or line.values[0] not in absent:
            present.append(line)
        elif present and isinstance(above := present[-1], str):
            present[-1:] = [text] if (text := _COMMENT_AT_END.sub("", above)) else []
    return present


def _filled_lines(
    lines: Iterable[Line | str], values: Sequence[Any], owner: str, constants: Constants
) -> list[str]:
    """The lines of the file; one that holds a literal of several lines is several of them."""
    filled = []
    for line in lines:
        if isinstance(line, str):
            filled.append(line)
            continue
        indent, head, slots, texts = line
        if texts:
            filled.append(_mixed(line, values, owner, constants))
        elif head[-1:] == "=":
            filled.append(_argument(head, values[slots[0]], indent, owner, constants))
        elif head:
            filled.append(bound(head, values[slots[0]], "", indent))
        else:
            filled += _alone(values[slots[0]], indent, owner, constants)
    return filled


def _shifted_lines(
    lines: Iterable[Line | str], values: Sequence[Any], owner: str, constants: Constants
) -> Iterator[str]:
    """`_filled_lines`, with parentheses around each call that is assigned to too long a name."""
    closing = None
    for line in _single_lines(lines):
        shift = 0 if closing is None else INDENT
        if line == closing:
            yield f"{' ' * shift}{closing}"
            yield closing
            closing = None
            continue
        for text in _filled_lines([_shifted(line, shift)], values, owner, constants):
            if _TOO_LONG_HEAD.fullmatch(text):
                head, call = text.split(" = ", maxsplit=1)
                margin = text[: len(text) - len(text.lstrip(" "))]
                closing = f"{margin})"
                yield f"{head} = ("
                yield f"{margin}{' ' * INDENT}{call}"
            else:
                yield text


def _single_lines(lines: Iterable[Line | str]) -> Iterator[Line | str]:
    for line in lines:
        yield from line.split("\n") if isinstance(line, str) else [line]


def _shifted(line: Line | str, shift: int) -> Line | str:
    if isinstance(line, Line):
        return line._replace(indent=line.indent + shift)
    return f"{' ' * shift}{line}" if line else ""


def _parenthesized(text: str, shifted: str) -> str:
    """That of two layouts which black chooses: parentheses, where all of their lines then fit.

    (`run_transformer` in black's `linegen.py`: a second opinion is taken where it is better.)
    Where only black's table of the widths of characters can tell, black is asked.
    """
    lines = shifted.split("\n")
    if all(width(line) <= WIDTH for line in lines):
        return shifted
    if any(least_width(line) > WIDTH for line in lines):
        return text
    return _blackened(text)


def _blackened(text: str) -> str:
    """`text` in black's layout, as deep in task groups as it stands."""
    margin = len(text) - len(text.lstrip(" "))
    return blackened(text, depth=max(margin // INDENT - 1, 0)).lstrip("\n")


def _alone(value: Any, indent: int, owner: str, constants: Constants) -> list[str]:
    """The lines that a value with a line of its own becomes."""
    if isinstance(value, Keywords):
        return [
            _argument(f"{name}=", entry, indent, owner, constants)
            for name, entry in value.values.items()
        ]
    if isinstance(value, Entries):
        return [bound(f'"{name}": ', entry, ",", indent) for name, entry in value.values.items()]
    if isinstance(value, RawSource):
        return [value.text] if value.text else []
    return [" " * indent + layout(value, indent)]


def _argument(head: str, value: Any, indent: int, owner: str, constants: Constants) -> str:
    flat = flat_bound(head, value, ",", indent)
    if flat is not None:
        return flat
    if _holds_name(value):
        return bound(head, value, ",", indent)
    return f"{' ' * indent}{head}{constants.add(owner, head[:-1], value)},"


def _holds_name(value: Any) -> bool:
    """Whether a name of the DAG's body stands in `value`, which no constant above it can have."""
    if isinstance(value, dict | list):
        return any(map(_holds_name, value.values() if isinstance(value, dict) else value))
    return isinstance(value, RawSource)


def _mixed(line: Line, values: Sequence[Any], owner: str, constants: Constants) -> str:
    indent = line.indent
    result = line.texts[0]
    for text, index in zip(line.texts[1:], line.values, strict=True):
        value = values[index]
        if isinstance(value, RawSource):
            result += value.text + text
        elif isinstance(value, Keywords):
            arguments = [
                _argument(f"{name}=", entry, 0, owner, constants).removesuffix(",")
                for name, entry in value.values.items()
            ]
            result += ", ".join(arguments) + text
        else:
            result += layout(value, indent, len(result), len(text)) + text
    return " " * indent + result
