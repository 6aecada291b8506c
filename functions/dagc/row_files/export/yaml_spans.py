"""From where to where values stand in a YAML file, without the blanks and comments behind them."""

import re
from typing import Any, NamedTuple

import yaml


class NoSpliceError(ValueError):
    """The file has a form in which its rows are not changed."""


class YamlSpans(NamedTuple):
    """Offsets in a text whose lines end in line feeds, by PyYAML's nodes of it."""

    text: str

    def dash(self, node: Any) -> tuple[int, int]:
        """Where the sign before an entry of a list stands, and in which column."""
        dash = self.text.rfind("-", 0, start_of(node))
        if dash < 0 or self.text[dash + 1 : start_of(node)].strip():
            raise NoSpliceError("an entry without a sign")
        return dash, dash - self.line_start(dash)

    def end(self, node: Any) -> int:
        """Where a value ends, without the blanks and comments behind it."""
        start, end = start_of(node), int(node.end_mark.index)
        if _is_block(node):
            return start + len(self.text[start:end].rstrip())
        if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
            return end
        last = node.value[-1]
        if isinstance(node, yaml.SequenceNode):
            return max(self.end(last), self.dash(last)[0] + 1)
        return max(self.end(last[1]), int(last[0].end_mark.index) + 1)

    def line_start(self, position: int) -> int:
        """Where the line begins that `position` is in."""
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where the line ends that `position` is in."""
        found = self.text.find("\n", position)
        return len(self.text) if found < 0 else found

    def comment(self, child: Any, end: int) -> str:
        """The comment behind a value, or behind the sign that begins a block."""
        if _is_block(child):
            head = self.text[start_of(child) : self.line_end(start_of(child))]
            found = re.search(r"[|>][-+0-9]*([ \t]+#.*)", head)
            return found[1] if found else ""
        found = re.match(r"[ \t]+#.*", self.text[end : self.line_end(end)])
        return found[0] if found else ""


def start_of(node: Any) -> int:
    """Where a value begins, with its tag."""
    return int(node.start_mark.index)


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}
