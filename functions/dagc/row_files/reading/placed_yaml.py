"""The values in a YAML file, with where they stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import yaml

from dagc.row_files.reading.placed_text import Location, PlacedEntry, PlacedText, placed_string

TextOfTag = Callable[[str, str], PlacedText | None]
"""Finds the text that a scalar with a tag stands for, such as that of a file: tag and content."""


@dataclass(frozen=True)
class YamlNode:
    """A value in `source`. `tagged` finds what a tag of ours stands for."""

    source: PlacedText
    node: yaml.Node
    tagged: TextOfTag

    @property
    def start(self) -> Location:
        """Where it begins."""
        return self.source.at(self.node.start_mark.index)

    @cached_property
    def entries(self) -> Mapping[str | int, PlacedEntry]:
        """What an object or a list holds, by key or index; also what it has of another (`<<`)."""
        if isinstance(self.node, yaml.SequenceNode):
            return {index: self._entry(child, child) for index, child in enumerate(self.node.value)}
        if not isinstance(self.node, yaml.MappingNode):
            return {}
        own: dict[str | int, PlacedEntry] = {}
        merged: dict[str | int, PlacedEntry] = {}
        for key, child in self.node.value:
            if key.value == "<<" and not key.style:
                others = child.value if isinstance(child, yaml.SequenceNode) else [child]
                for other in reversed(others):
                    merged |= YamlNode(self.source, other, self.tagged).entries
            elif isinstance(key, yaml.ScalarNode):
                own[key.value] = self._entry(key, child)
        return {**merged, **own}

    @property
    def text(self) -> PlacedText | None:
        """The text that it is; None if it is none. What is written without quotes counts as one."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        if self.node.tag.startswith("!") and (found := self.tagged(self.node.tag, self.node.value)):
            return found
        return self._scalar(self.node)

    def _entry(self, begin: yaml.Node, child: yaml.Node) -> PlacedEntry:
        start = self.source.at(begin.start_mark.index)
        return PlacedEntry(start, YamlNode(self.source, child, self.tagged))

    def _scalar(self, node: yaml.ScalarNode) -> PlacedText:
        """Its text. All of it is at the beginning where it is folded, or in several lines within
        quotes.
        """
        start, end = node.start_mark.index, node.end_mark.index
        raw = self.source.text[start:end]
        quote = 1 if node.style in {'"', "'"} else 0
        if raw[quote : len(raw) - quote] == node.value:
            return PlacedText(node.value, lambda index: self.source.at(start + quote + index))
        if node.style == '"':
            text = placed_string(self.source, start)
            if text and text.text == node.value:
                return text
        if node.style == "|":
            return _block(node.value, self.source, start, end)
        return PlacedText(node.value, lambda _: self.source.at(start))


def yaml_documents(source: PlacedText, tagged: TextOfTag) -> list[YamlNode]:
    """The documents of a YAML file, without those that are null; ValueError if it is none."""
    return [YamlNode(source, node, tagged) for node in composed(source.text)]


def composed(text: str) -> list[yaml.Node]:
    """PyYAML's nodes of the documents in a text, without those that are null; ValueError if it is
    no YAML.
    """
    try:
        # libyaml is ten times as fast, and may take less than PyYAML.
        with suppress(yaml.YAMLError):
            return _not_null(yaml.compose_all(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
        return _not_null(yaml.compose_all(text, yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error


def _not_null(nodes: Iterable[yaml.Node]) -> list[yaml.Node]:
    return [node for node in nodes if node and not _is_null(node)]


def _is_null(node: yaml.Node) -> bool:
    words = ("", "~", "null", "Null", "NULL")
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in words


def _block(text: str, source: PlacedText, start: int, end: int) -> PlacedText:
    """The text of a block, line for line as in the file."""
    lines = list(_lines(source.text, start, end))[1:]
    starts = [begin for begin, _ in _lines(text, 0, len(text))]
    indents = [
        len(line) - len(wanted)
        for (_, line), (_, wanted) in zip(lines, _lines(text, 0, len(text)), strict=False)
        if wanted and line.endswith(wanted)
    ]
    indent = min(indents, default=0)

    def at(index: int) -> Location:
        number = sum(begin <= index for begin in starts) - 1
        if number >= len(lines):
            return source.at(start)
        begin, line = lines[number]
        return source.at(begin + min(indent + index - starts[number], len(line)))

    return PlacedText(text, at)


_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML."""


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Where each line of a part of `text` begins, and the line without its end."""
    for found in _BREAK.finditer(text, start, end):
        yield start, text[start : found.start()]
        start = found.end()
    yield start, text[start:end]
