"""Fills a skeleton with literals in black's layout."""

from collections.abc import Iterable, Iterator, Sequence
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


def fill(
    skeleton: Skeleton, values: list[Any], owner: str, constants: Constants
) -> tuple[str, set[str]]:
    """The source text of `skeleton`, its slots filled with `values`; and the names that the values
    need imported. `owner` is the variable that constants are named after.
    """
    lines = list(_filled_lines(skeleton.lines, values, owner, constants))
    if any(_is_too_long_head(line) for line in lines):
        lines = _parenthesized(
            lines, list(_shifted_lines(skeleton.lines, values, owner, constants))
        )
    return "\n".join(joined_calls(lines)), node_names(values)


def _filled_lines(
    lines: Iterable[Line | str], values: Sequence[Any], owner: str, constants: Constants
) -> Iterator[str]:
    """The lines of the file; one that holds a literal of several lines is several of them."""
    for line in lines:
        if isinstance(line, str):
            yield line
        elif line.texts:
            yield _mixed(line, values)
        else:
            yield from _filled_line(line, values[line.values[0]], owner, constants)


def _is_too_long_head(line: str) -> bool:
    """Whether `line` begins a call, assigned to a name, and does not fit."""
    return line.endswith("(") and " = " in line and width(line) > WIDTH


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
            if _is_too_long_head(text):
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


def _parenthesized(lines: list[str], shifted: list[str]) -> list[str]:
    """That of two layouts which black chooses: parentheses, where all of their lines then fit.

    (`run_transformer` in black's `linegen.py`: a second opinion is taken where it is better.)
    Where only black's table of the widths of characters can tell, black is asked.
    """
    texts = "\n".join(shifted).split("\n")
    if all(width(text) <= WIDTH for text in texts):
        return shifted
    if any(least_width(text) > WIDTH for text in texts):
        return lines
    return blackened("\n".join(lines)).split("\n")


def _filled_line(line: Line, value: Any, owner: str, constants: Constants) -> Iterator[str]:
    """The lines that a line of one value becomes."""
    indent = line.indent
    if value is ABSENT:  # a filter, or `leave_out`, took it out
        return
    if line.head.endswith("="):
        yield _argument(line.head, value, indent, owner, constants)
    elif line.head:
        yield bound(line.head, value, "", indent)
    elif isinstance(value, Keywords):
        for name, entry in value.values.items():
            yield _argument(f"{name}=", entry, indent, owner, constants)
    elif isinstance(value, Entries):
        for name, entry in value.values.items():
            yield bound(f'"{name}": ', entry, ",", indent)
    elif isinstance(value, RawSource):
        if value.text:
            yield value.text
    else:
        yield " " * indent + layout(value, indent)


def _argument(head: str, value: Any, indent: int, owner: str, constants: Constants) -> str:
    return flat_bound(head, value, ",", indent) or (
        f"{' ' * indent}{head}{constants.add(owner, head[:-1], value)},"
    )


def _mixed(line: Line, values: Sequence[Any]) -> str:
    indent = line.indent
    result = line.texts[0]
    for text, index in zip(line.texts[1:], line.values, strict=True):
        value = values[index]
        if isinstance(value, RawSource):
            result += value.text + text
        elif isinstance(value, Keywords):
            arguments = [f"{name}={layout(entry)}" for name, entry in value.values.items()]
            result += ", ".join(arguments) + text
        else:
            result += layout(value, indent, len(result), len(text)) + text
    return " " * indent + result
