"""Reads the template as CloudFormation does: parses it, resolves it for one choice of parameters.

Knows just the functions that our template uses, and fails on any other.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"

PSEUDO = {
    "AWS::Partition": "aws-cn",  # a partition that no ARN written by hand would name
    "AWS::Region": "cn-north-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "dagc-test",
    "AWS::StackId": "arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/dagc-test/0f0f",
    "AWS::URLSuffix": "amazonaws.com.cn",
}


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "And": all,
    "Contains": lambda found: found[1] in found[0],
    "EachMemberEquals": lambda found: set(found[0].split(",")) == {found[1]},
    "Equals": lambda found: found[0] == found[1],
    "Not": lambda found: not found[0],
    "Or": any,
    "Select": lambda found: found[1][found[0]],
    "Split": lambda found: found[1].split(found[0]),
}
"""The functions that depend on their arguments alone."""


class Gone:
    """Stands for `AWS::NoValue`."""


class _Loader(yaml.SafeLoader):
    """Reads YAML with CloudFormation's short forms."""


def _function(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        raise TypeError(node)
    if name == "GetAtt":
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


def parsed() -> dict[str, Any]:
    """Parse the template; its functions come in the long form."""
    return deepcopy(_parsed())


@cache
def _parsed() -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Loader)
    return template


def resolved(**parameters: str) -> dict[str, Any]:
    """Compute the resources and outputs that exist with these parameters. What the template's
    Globals say of all Lambda functions is in each.

    An attribute of a resource resolves to `<resource>.<attribute>`, a reference to `<resource>`.
    """
    template = parsed()
    stack = _Stack(template, parameters)
    resources = stack.existing(template["Resources"])
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            common = stack.value(template["Globals"]["Function"])
            resource["Properties"] = _merged(common, resource["Properties"])
    return {"Resources": resources, "Outputs": stack.existing(template["Outputs"])}


def refusals(**parameters: str) -> list[str]:
    """Evaluate the template's rules; returns what they say against these parameters."""
    template = parsed()
    stack = _Stack(template, parameters)
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if stack.value(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not stack.value(assertion["Assert"])
    ]


def _merged(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Merge as SAM does: maps are joined, of anything else the function's own wins."""
    joined = {
        name: _merged(common[name], own[name])
        for name in common.keys() & own.keys()
        if isinstance(own[name], dict)
    }
    return {**common, **own, **joined}


def _event_resources(template: Mapping[str, Any]) -> set[str]:
    """Name what SAM makes of the events of functions."""
    return {
        f"{function}{event}"
        for function, resource in template["Resources"].items()
        for event in resource["Properties"].get("Events", ())
    }


class _Stack:
    def __init__(self, template: Mapping[str, Any], given: Mapping[str, str]) -> None:
        defaults = {name: str(item["Default"]) for name, item in template["Parameters"].items()}
        assert given.keys() <= defaults.keys(), "a parameter that the template does not have"
        self.names = {**PSEUDO, **defaults, **given}
        self.resources = template["Resources"].keys() | _event_resources(template)
        self.conditions = template["Conditions"]
        self.mappings = template["Mappings"]

    def existing(self, section: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.value({key: part for key, part in item.items() if key != "Condition"})
            for name, item in section.items()
            if "Condition" not in item or self.condition(item["Condition"])
        }

    def condition(self, name: str) -> bool:
        return bool(self.value(self.conditions[name]))

    def value(self, node: Any) -> Any:
        if isinstance(node, list):
            return [item for item in map(self.value, node) if not isinstance(item, Gone)]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self.call(name.removeprefix("Fn::"), argument)
        values = {name: self.value(item) for name, item in node.items()}
        return {name: item for name, item in values.items() if not isinstance(item, Gone)}

    def call(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self.reference(argument)
            case "GetAtt":
                return ".".join(argument)
            case "If":
                condition, then, otherwise = argument
                return self.value(then if self.condition(condition) else otherwise)
            case "FindInMap":
                name, first, second = self.value(argument)
                return self.mappings[name][first][second]
            case "Sub":
                text, own = argument if isinstance(argument, list) else (argument, {})
                local = {name: self.value(item) for name, item in own.items()}
                return re.sub(
                    r"\$\{([^}]+)\}", lambda found: self.substitute(found[1], local), text
                )
        return _PLAIN[function](self.value(argument))

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return Gone()
        return name if name in self.resources else self.names[name]

    def substitute(self, name: str, local: Mapping[str, str]) -> str:
        if name in local:
            return local[name]
        return name if "." in name else str(self.reference(name))
