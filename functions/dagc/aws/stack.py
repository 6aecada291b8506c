"""Reads the stack of an environment, and updates it so that its Airflow takes new plugins."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

PLUGINS_VERSION = "MwaaPluginsVersion"
REQUIREMENTS_VERSION = "MwaaRequirementsVersion"


class Stack(NamedTuple):
    """A deployed stack: its parameters and outputs."""

    name: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def has_airflow(self) -> bool:
        """Whether the stack has an MWAA environment of its own, which bears the stack's name."""
        return self.parameters.get("CreateMwaaEnvironment") == "true"

    def runs(self, versions: Mapping[str, str]) -> bool:
        """Whether the stack's MWAA environment has these versions, by parameter, already."""
        return versions.items() <= self.parameters.items()


def read_stack(client: "CloudFormationClient", name: str) -> Stack:
    """The stack of that name."""
    (found,) = client.describe_stacks(StackName=name)["Stacks"]
    parameters = {p["ParameterKey"]: p["ParameterValue"] for p in found.get("Parameters", ())}
    outputs = {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", ())}
    return Stack(name, parameters, outputs)


def update_stack(client: "CloudFormationClient", stack: Stack, versions: Mapping[str, str]) -> None:
    """Starts the update that gives the stack's MWAA environment these versions.

    Through the stack and not past it, so that its next deployment does not undo it.
    """
    client.update_stack(
        StackName=stack.name,
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": name, "ParameterValue": versions[name]}
            if name in versions
            else {"ParameterKey": name, "UsePreviousValue": True}
            for name in stack.parameters
        ],
        # The template is SAM's: it is transformed again.
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
