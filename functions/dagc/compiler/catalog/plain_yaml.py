"""Reads YAML with JSON's types alone: `2024-01-01` stays a text, and so does the key of a map."""

from decimal import Decimal
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from dagc.compiler.schema.json_values import exact_number


def load_plain(text: str) -> Any:
    """The content of `text`, its values as DynamoDB would hold them. Raises yaml.YAMLError."""
    return yaml.load(text, _PlainLoader)  # noqa: S506  a SafeLoader


class _PlainLoader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The mapping, as DynamoDB would hold it: `{1: …}` has the key "1", and each key once."""
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                message = f"the key {key.value!r} stands twice"
                raise ConstructorError(problem=message, problem_mark=key.start_mark)
            seen.add(key.value)
            if key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)

    def construct_yaml_float(self, node: yaml.ScalarNode) -> Any:
        """The number, as DynamoDB would hold it: there, 1.0 is 1."""
        return exact_number(Decimal(repr(super().construct_yaml_float(node))))


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_constructor("tag:yaml.org,2002:float", _PlainLoader.construct_yaml_float)
