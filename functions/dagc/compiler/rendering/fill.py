"""Fills a skeleton with literals in black's layout."""

from typing import Any

from dagc.compiler.python_source.layout import bound, flat_bound, layout
from dagc.compiler.python_source.nodes import Entries, Keywords, RawSource, node_names
from dagc.compiler.rendering.constants import Constants
from dagc.compiler.templating.placeholders import ABSENT, Names
from dagc.compiler.templating.skeleton import Line, Skeleton


def fill(
    skeleton: Skeleton, names: Names, owner: str, constants: Constants
) -> tuple[str, set[str]]:
    """The source text of `skeleton`, its slots filled from `names`; and the names that the values
    need imported. `owner` is the variable that constants are named after.
    """
    values = skeleton.values(names)
    lines: list[str] = []
    for line in skeleton.lines:
        if isinstance(line, str):
            lines.append(line)
        elif line.texts:
            lines.append(_mixed(line, values))
        else:
            value = values[line.values[0]]
            if value is ABSENT:  # that is what a filter made of it
                continue
            if line.head.endswith("="):
                lines.append(_argument(line.head, value, line.indent, owner, constants))
            elif line.head:
                lines.append(bound(line.head, value, "", line.indent))
            else:
                lines += _alone(value, line.indent, owner, constants)
    return "\n".join(lines), node_names(values)


def _argument(head: str, value: Any, indent: int, owner: str, constants: Constants) -> str:
    return flat_bound(head, value, ",", indent) or (
        f"{' ' * indent}{head}{constants.add(owner, head[:-1], value)},"
    )


def _alone(value: Any, indent: int, owner: str, constants: Constants) -> list[str]:
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


def _mixed(line: Line, values: list[Any]) -> str:
    result = line.texts[0]
    for text, index in zip(line.texts[1:], line.values, strict=True):
        value = values[index]
        if isinstance(value, RawSource):
            result += value.text + text
        elif isinstance(value, Keywords):
            arguments = [f"{name}={layout(entry)}" for name, entry in value.values.items()]
            result += ", ".join(arguments) + text
        else:
            result += layout(value, line.indent, len(result), len(text)) + text
    return " " * line.indent + result
