"""Fills the marks of a skeleton with literals in black's layout."""

from typing import Any

from dagc.rendering.constants import Constants
from dagc.rendering.marks import ABSENT, Marks
from dagc.rendering.skeleton import Line, Skeleton
from dagc.syntax.layout import bound, contains_multiline, layout
from dagc.syntax.nodes import Code, Entries, Keywords


class FillError(ValueError):
    """A template prints an absent value where its line cannot be left out."""


def fill(skeleton: Skeleton, marks: Marks, owner: str, constants: Constants) -> str:
    """The source text of `skeleton`. A line `name=<mark>,` is dropped where its value is absent.

    `owner` is the variable that constants are named after.
    """
    lines: list[str] = []
    for line in skeleton.lines:
        if line.mark < 0:
            lines.append(_mixed(line, marks))
            continue
        value = marks[line.mark]
        head = line.head
        if head.endswith("="):
            if value is not ABSENT:
                lines.append(_argument(head, value, line.indent, owner, constants))
        elif value is ABSENT:
            raise FillError(f"an absent value after {head!r}")
        elif head:
            lines.append(bound(head, value, "", line.indent))
        else:
            lines += _alone(value, line.indent, owner, constants)
    return "\n".join(lines)


def _argument(head: str, value: Any, indent: int, owner: str, constants: Constants) -> str:
    if contains_multiline(value):
        value = constants.add(owner, head[:-1], value)
    return bound(head, value, ",", indent)


def _alone(value: Any, indent: int, owner: str, constants: Constants) -> list[str]:
    if isinstance(value, Keywords):
        return [
            _argument(f"{name}=", entry, indent, owner, constants)
            for name, entry in value.values.items()
        ]
    if isinstance(value, Entries):
        return [bound(f'"{name}": ', entry, ",", indent) for name, entry in value.values.items()]
    if isinstance(value, Code):
        return [value.text] if value.text else []
    return [" " * indent + layout(value, indent)]


def _mixed(line: Line, marks: Marks) -> str:
    result = line.parts[0]
    if len(line.parts) > 1:
        texts, numbers = line.parts[::2], line.parts[1::2]
        for text, number in zip(texts[1:], numbers, strict=True):
            value = marks[int(number)]
            if value is ABSENT:
                raise FillError(f"an absent value after {result.strip()!r}")
            result += layout(value, line.indent, len(result), len(text)) + text
    return " " * line.indent + result if result else ""
