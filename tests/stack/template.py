"""The template as CloudFormation sees it: parsed, and resolved for one choice of parameters.

Knows just the functions that our template uses, and fails on any other.
"""

import re
from collections.abc import Mapping
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
}


class Gone:
    """The value of `AWS::NoValue`."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


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
    """The template, its functions in the long form."""
    template: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Loader)
    return template


def resolved(**parameters: str) -> dict[str, Any]:
    """The resources that exist with these parameters, and `Outputs`, all functions computed.

    An attribute of a resource resolves to `<resource>.<attribute>`, a reference to `<resource>`.
    """
    template = parsed()
    stack = _Stack(template, parameters)
    resources = {
        name: stack.value({key: found for key, found in resource.items() if key != "Condition"})
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or stack.condition(resource["Condition"])
    }
    return {"Resources": resources, "Outputs": stack.value(template["Outputs"])}


class _Stack:
    def __init__(self, template: Mapping[str, Any], given: Mapping[str, str]) -> None:
        defaults = {name: item.get("Default") for name, item in template["Parameters"].items()}
        assert given.keys() <= defaults.keys(), "a parameter that the template does not have"
        self.names = {**PSEUDO, **defaults, **given}
        self.resources = template["Resources"].keys()
        self.conditions = template["Conditions"]

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
        return {name: self.value(item) for name, item in node.items()}

    def call(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self.reference(argument)
            case "GetAtt":
                return ".".join(argument)
            case "If":
                condition, then, otherwise = argument
                return self.value(then if self.condition(condition) else otherwise)
            case "Equals":
                left, right = self.value(argument)
                return left == right
            case "Not":
                return not self.value(argument)[0]
            case "Split":
                return self.value(argument[1]).split(argument[0])
            case "Select":
                return self.value(argument[1])[argument[0]]
            case "Sub":
                text, own = argument if isinstance(argument, list) else (argument, {})
                local = {name: self.value(item) for name, item in own.items()}
                return re.sub(
                    r"\$\{([^}]+)\}", lambda found: self.substitute(found[1], local), text
                )
        raise NotImplementedError(function)

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return Gone()
        return name if name in self.resources else self.names[name]

    def substitute(self, name: str, local: Mapping[str, str]) -> str:
        return name if "." in name else str(local.get(name) or self.reference(name))
