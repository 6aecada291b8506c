"""What rows have that YAML has not: tags of their own, in files of rows alone.

    !file 301.sql     the text of that file
    !json {a: 1}      the text that is the JSON of this: {"a": 1}
    !set [a, b]       a set of DynamoDB, of texts, of numbers, or of binary data
    !number "1e-99"   a number that YAML may not hold

Binary data is `!!binary`, which is YAML's own.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from dagc.compiler import UnreadableTextError, decoded, exact_number
from dagc.row_files.reading.bounded_content import TooLongError, bounded_content
from dagc.row_files.reading.json_text import JsonText, as_numeral, json_text

FILE, JSON, SET, NUMBER = "!file", "!json", "!set", "!number"

_YAML = "tag:yaml.org,2002:"
_NUMBERS = (f"{_YAML}int", f"{_YAML}float")
_NUMERAL = " numeral"
"""A tag that nobody can write: of a number that keeps its form."""


ReadText = Callable[[Path], str]
"""Reads the text that a row has in a file of its own, as `text_file`."""


def row_tags(
    path: Path, folder: Path, read: ReadText
) -> dict[str | None, Callable[[Any, Any], Any]]:
    """The tags of the row file `path`, which may name files in `folder` and below."""

    def file(_: Any, node: Any) -> str:
        try:
            return read(file_beside(path, folder, _content(node)))
        except ValueError as error:
            raise UnreadableTextError(_line(node), *error.args) from error

    return {FILE: file, JSON: _json, SET: _set, NUMBER: _number, _NUMERAL: _numeral, None: _unknown}


def file_beside(path: Path, folder: Path, name: str) -> Path:
    """The file that `!file <name>` in the file `path` means; ValueError, with what is wrong and
    what to do, where it is not in `folder`.
    """
    found = path.parent / name
    try:
        is_inside = found.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):  # no name of a file
        is_inside = False
    if not name or Path(name).is_absolute() or not is_inside:
        raise ValueError(
            f"!file {name!r}: there is no such file in the folder {folder}",
            f"Name one that is in it, as it is called from the folder {path.parent}.",
        )
    return found


def text_file(path: Path) -> str:
    r"""The text of a file of UTF-8. Its lines end in `\n`, however they do in the file, and one end
    of a line at the end of the file, where editors put it, is none of the text's.

    Raises ValueError with what is wrong and what to do.
    """
    try:
        text = decoded(bounded_content(path)).replace("\r\n", "\n")
    except TooLongError as error:
        raise ValueError(f"!file: {path} has {error}", "No row is as long.") from error
    except UnreadableTextError as error:
        raise ValueError(f"{path}, line {error.line}: {error.message}", error.hint) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "Write the file, or the text itself in its place."
        raise ValueError(f"!file: cannot read {path}: {reason}", hint) from error
    return text.removesuffix("\n")


def _json(loader: Any, node: Any) -> JsonText:
    copied = _with_numerals(loader, node, node.tag)
    try:
        return json_text(loader.construct_object(copied, deep=True))
    except UnreadableTextError:
        raise
    except ValueError as error:
        raise UnreadableTextError(
            _line(node), f"!json: {error}", "Write texts, numbers, lists and objects in it."
        ) from error


def _with_numerals(loader: Any, node: Any, own: str = "") -> Any:
    """A copy of `node`, its numbers as they are written, and without its tag if that is `own`."""
    if isinstance(node, yaml.ScalarNode):
        plain = (not node.style, bool(node.style))
        tag = loader.resolve(yaml.ScalarNode, node.value, plain) if node.tag == own else node.tag
        tag = _NUMERAL if tag in _NUMBERS else tag
        return yaml.ScalarNode(tag, node.value, node.start_mark, node.end_mark, node.style)
    if node.tag not in (own, f"{_YAML}map", f"{_YAML}seq"):
        return node
    marks = (node.start_mark, node.end_mark)
    if isinstance(node, yaml.SequenceNode):
        entries = [_with_numerals(loader, entry) for entry in node.value]
        return yaml.SequenceNode(f"{_YAML}seq", entries, *marks)
    pairs = [(key, _with_numerals(loader, value)) for key, value in node.value]
    return yaml.MappingNode(f"{_YAML}map", pairs, *marks)


def _numeral(loader: Any, node: Any) -> Any:
    """A number as it is written, if JSON has it so; the number itself if it has not (`.5`)."""
    return as_numeral(node.value) or loader.construct_yaml_float(node)


def _set(loader: Any, node: Any) -> frozenset[Any]:
    if not isinstance(node, yaml.SequenceNode):
        raise UnreadableTextError(_line(node), "!set: no list", "Write a list: !set [a, b].")
    values = loader.construct_sequence(node, deep=True)
    kinds = {
        str if isinstance(value, str) else bytes if isinstance(value, bytes) else Decimal
        for value in values
    }
    numbers = all(
        isinstance(value, str | bytes | int | float | Decimal) and not isinstance(value, bool)
        for value in values
    )
    if len(kinds) != 1 or not numbers:
        message = "!set: a set of DynamoDB has texts, or numbers, or binary data, and is not empty"
        raise UnreadableTextError(_line(node), message, "Write values of one kind, or a list.")
    return frozenset(values)


def _number(_: Any, node: Any) -> int | float | Decimal:
    text = _content(node)
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", text):
        message = f"!number: {text[:60]!r} is no number of DynamoDB"
        raise UnreadableTextError(_line(node), message, 'Write it so: !number "1.5e-20".')
    return exact_number(Decimal(text))


def _unknown(_: Any, node: Any) -> Any:
    known = f"{FILE}, {JSON}, {SET}, {NUMBER}, !!binary"
    message = f"YAML takes what begins with ! for a tag, and there is no tag {node.tag}"
    hint = f'Put a text in quotes: "…". The tags are {known}.'
    raise UnreadableTextError(_line(node), message, hint)


def _content(node: Any) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
