"""PyYAML's loader with JSON's types alone, as the core schema of YAML 1.2: `yes`, `1:30`, `0123`
and `2024-01-01` stay texts, and so does the key of a map.
"""

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from dagc.compiler.catalog.plain_yaml import UnreadableTextError
from dagc.compiler.schema.json_values import exact_number

_TAG = "tag:yaml.org,2002:"
_FLOAT = (
    r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


class _Plain(SafeConstructor):
    def construct_document(self, node: yaml.Node) -> Any:
        """Returns a document; UnreadableTextError where aliases make much of a little."""
        if _written_out(node, {}) > max(_MOST_WRITTEN_OUT, node.end_mark.index):
            message = f"its aliases (*) stand for more than {_MOST_WRITTEN_OUT:,} values"
            raise UnreadableTextError(_line(node), message, "Write out what is needed.")
        return super().construct_document(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002, ARG002
        """Returns the value; UnreadableTextError where it holds itself, which no row can."""
        if node in self.recursive_objects:
            message = "an alias (*) within what it stands for: the value would have no end"
            raise UnreadableTextError(_line(node), message, "Write the inner value in full.")
        try:
            return super().construct_object(node, deep=True)
        except (AttributeError, IndexError, KeyError, TypeError) as error:  # !!bool x, !!set x
            message = f"no value for the tag {node.tag.replace(_TAG, '!!')}"
            raise UnreadableTextError(_line(node), message, "Leave the tag out.") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Returns the mapping, its keys as texts; UnreadableTextError where one stands twice."""
        first: dict[str, int] = {}
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        for key in (key for key, _ in pairs if isinstance(key, yaml.ScalarNode)):
            if key.value in first:
                message = f"the key {key.value!r} stands twice, first in line {first[key.value]}"
                raise UnreadableTextError(_line(key), message, "Keep one of them.")
            first[key.value] = _line(key)
            if key.tag != f"{_TAG}merge":
                key.tag = f"{_TAG}str"
        return super().construct_mapping(node, deep)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> Any:
        """Returns the integer; UnreadableTextError where Python refuses to read so many digits."""
        try:
            return int(node.value)
        except ValueError as error:
            message = f"an integer of {len(node.value):,} digits"
            raise UnreadableTextError(_line(node), message, "Put it in quotes.") from error

    def construct_yaml_float(self, node: yaml.ScalarNode) -> Any:
        """Returns the number, exactly, or a Decimal where no float is it."""
        text = node.value.lower()
        if text.endswith(("inf", "nan")):
            return float(text.replace(".", ""))
        try:
            return exact_number(Decimal(text))
        except InvalidOperation:  # an exponent beyond any
            return math.inf


def _written_out(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many values a node has, each alias counted as what it stands for."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in sizes:
        sizes[id(node)] = 0  # also while it is counted: an alias within itself is refused later
        pairs = isinstance(node, yaml.MappingNode)
        inner = [it for pair in node.value for it in pair] if pairs else node.value
        sizes[id(node)] = 1 + sum(_written_out(it, sizes) for it in inner)
    return sizes[id(node)]


_MOST_WRITTEN_OUT = 1_000_000
"""Values; or as many as the document has characters, where it is longer and may have no alias."""


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class PlainLoader(_Plain, yaml.SafeLoader):
    """Reads values as DynamoDB would hold them: 1.0 is 1, and `{1: …}` has the key "1"."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own form


class FastLoader(_Plain, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same with libyaml, several times as fast, for what `is_fast` says that it reads alike.
    What is no YAML it says in other words.
    """

    yaml_implicit_resolvers = PlainLoader.yaml_implicit_resolvers


def is_fast(text: str) -> bool:
    """Whether libyaml takes a text for what PyYAML does, if it takes it at all. It also takes tabs,
    marks of byte order, `?`, `#`, odd tags and lines that begin with `%` where PyYAML refuses them;
    and what is nested very deeply ends the process.
    """
    few_brackets = text.count("[") + text.count("{") <= _MOST_BRACKETS
    return few_brackets and not _NOT_ALIKE.search(text) and not _asks_in_brackets(text)


def _asks_in_brackets(text: str) -> bool:
    """Whether a `?` stands in `[…]` or `{…}`, which for PyYAML begins a key wherever it stands."""
    if "?" not in text:
        return False
    depth = start = 0
    try:
        for event in yaml.parse(text, FastLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                start = _index(event.start_mark) if event.flow_style and not depth else start
                depth += bool(event.flow_style or depth)
            elif isinstance(event, yaml.CollectionEndEvent) and depth:
                depth -= 1
                if not depth and "?" in text[start : _index(event.end_mark)]:
                    return True
    except yaml.YAMLError:
        return True
    return False


def _index(mark: Any) -> int:
    return int(mark.index)


_MOST_BRACKETS = 500
_BEGIN = r"(?:^|[\r\x85\u2028\u2029\[{,:?-]|[&!][^ \n]*) *"
"""What stands before a value."""
_NOT_ALIKE = re.compile(
    r"[\t\ufeff]|(?:^|[\r\x85\u2028\u2029])%|[|>][^ \n]*#|^[- ]{500}"
    rf"|{_BEGIN}(?:!(?!!?[a-z]+\s)|\?(?!\S))",
    re.MULTILINE,
)

_PLAIN = {
    "merge": ("<<", "<"),
    "null": ("|~|null|Null|NULL", "~nN"),
    "bool": ("true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": ("[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    "float": (_FLOAT, "-+.0123456789"),
}
"""What is not a text though it stands without quotes: its form, and with what it can begin."""

for _kind, (_form, _begin) in _PLAIN.items():
    _first = [*_begin, ""] if _kind == "null" else list(_begin)
    PlainLoader.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(f"({_form})\\Z"), _first)
_Plain.yaml_constructors = {
    **SafeConstructor.yaml_constructors,
    f"{_TAG}int": _Plain.construct_yaml_int,
    f"{_TAG}float": _Plain.construct_yaml_float,
}
