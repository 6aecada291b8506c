"""`python -m docs.api_shapes` writes `dag_templates/api_shapes.json` anew.

It holds what task types name as a `shape`, such as `ecs.RunTask.overrides`: the part of AWS's API
that a parameter is handed to as it stands, read from botocore's model of the service, in the schema
language of task types. The functions have no botocore models of these services.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.session import get_session

TEMPLATES = Path(__file__).parents[1] / "dag_templates"
FILE = TEMPLATES / "api_shapes.json"
_NUMBERS = {"integer": "integer", "long": "integer", "float": "number", "double": "number"}
_BOUNDS = {
    "string": {"min": "minLength", "max": "maxLength"},
    "list": {"min": "minItems", "max": "maxItems"},
    "integer": {"min": "minimum", "max": "maximum"},
    "number": {"min": "minimum", "max": "maximum"},
}

_MOST_VALUES = 50
"""Longer is only what grows with each kind of machine that AWS rents out: a list is old soon."""
LATER = {
    "batch.SubmitJob.nodeOverrides.nodePropertyOverrides[]"
    ".consumableResourcePropertiesOverride": "3.0",
    "ecs.RunTask.volumeConfigurations[].managedEBSVolume.volumeInitializationRate": "3.0",
    "emr-serverless.StartJobRun.configurationOverrides.diskEncryptionConfiguration": "3.1",
    "emr-serverless.StartJobRun.executionIamPolicy": "3.0",
    "emr.AddJobFlowSteps.Steps[].StepMonitoringConfiguration": "3.1",
    "emr.RunJobFlow.ExtendedSupport": "3.0",
    "emr.RunJobFlow.MonitoringConfiguration": "3.1",
    "emr.RunJobFlow.SessionEnabled": "3.3",
    "emr.RunJobFlow.StepExecutionRoleArn": "3.2",
    "emr.RunJobFlow.Steps[].StepMonitoringConfiguration": "3.1",
    "glue.StartJobRun.ExecutionRoleSessionPolicy": "3.1",
    **{
        f"sagemaker.CreateProcessingJob.ProcessingResources.ClusterConfig.{name}": "3.3"
        for name in ("InstancePreferences", "SelectedInstanceCount", "SelectedInstanceType")
    },
    **{
        f"sagemaker.CreateTrainingJob.{path}": since
        for path, since in {
            "InputDataConfig[].DataSource.DatasetSource": "3.1",
            "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig": "3.0",
            "InputDataConfig[].DataSource.S3DataSource.ModelAccessConfig": "3.0",
            "MlflowConfig": "3.1",
            "ModelPackageConfig": "3.1",
            "ResourceConfig.InstancePlacementConfig": "3.1",
            "ResourceConfig.InstancePreferences": "3.3",
            "ResourceConfig.SelectedInstanceCount": "3.3",
            "ResourceConfig.SelectedInstanceType": "3.3",
            "ServerlessJobConfig": "3.1",
            "ServerlessJobConfig.SequenceLength": "3.3",
        }.items()
    },
}
"""What came later than the boto3 of the oldest target, with the first target whose boto3 has it.

(Of the day of each Airflow, as Amazon MWAA's images have it; `tests.services.call_examples` looks.)
"""

LEFT_OUT = {"glue.CreateJob": ("CodeGenConfigurationNodes",)}
"""Members that no row gives: what the visual editor of Glue Studio draws, 80 kinds of nodes."""

Schema = dict[str, Any]


def main() -> None:
    """Write the file."""
    FILE.write_text(as_text(api_shapes()), encoding="utf-8")


def as_text(shapes: Mapping[str, Schema]) -> str:
    """One shape a line, so that a difference reads well."""
    lines = (f"{json.dumps(name)}: {json.dumps(shapes[name])}" for name in sorted(shapes))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def api_shapes() -> dict[str, Schema]:
    """The schema of each shape that a task type names."""
    paths = sorted((TEMPLATES / "tasks").glob("*.yaml"))
    names = {name for path in paths for name in _named(yaml.safe_load(path.read_text("utf-8")))}
    return {name: _found(name) for name in names}


def _named(declaration: Any) -> Iterator[str]:
    if isinstance(declaration, dict):
        if isinstance(declaration.get("shape"), str):
            yield declaration["shape"]
        for value in declaration.values():
            yield from _named(value)
    elif isinstance(declaration, list):
        for value in declaration:
            yield from _named(value)


def _found(name: str) -> Schema:
    """The schema of `service.Operation.Member…`. Of a whole operation no member is required: the
    operator gives some of them.
    """
    service, operation, *members = name.split(".")
    model = get_session().get_service_model(service).operation_model(operation)
    assert model.input_shape is not None
    shape: Shape = model.input_shape
    for member in members:
        assert isinstance(shape, StructureShape)
        shape = shape.members[member]
    schema = _schema(shape, name, ())
    if not members:
        schema.pop("required", None)
        for member in LEFT_OUT.get(name, ()):
            del schema["properties"][member]
    return schema


def _schema(shape: Shape, path: str, inside: tuple[str, ...]) -> Schema:
    if path in LATER:
        return {**_content(shape, path, inside), "since": LATER[path]}
    return _content(shape, path, inside)


def _content(shape: Shape, path: str, inside: tuple[str, ...]) -> Schema:
    if shape.name in inside:
        return {}  # a shape that holds itself is checked once
    inside = (*inside, shape.name)
    if isinstance(shape, StructureShape):
        members = {
            name: _schema(member, f"{path}.{name}", inside)
            for name, member in shape.members.items()
        }
        required = {"required": shape.required_members} if shape.required_members else {}
        return {"type": "object", "properties": members, "additionalProperties": False, **required}
    if isinstance(shape, ListShape):
        items = _schema(shape.member, f"{path}[]", inside)
        return {"type": "array", "items": items, **_bounds(shape, "list")}
    if isinstance(shape, MapShape):
        return {
            "type": "object",
            "additionalProperties": _schema(shape.value, f"{path}{{}}", inside),
        }
    if isinstance(shape, StringShape):
        return {"type": "string", **_text(shape), **_bounds(shape, "string")}
    if shape.type_name in _NUMBERS:
        kind = _NUMBERS[shape.type_name]
        return {"type": kind, **_bounds(shape, kind)}
    return {"type": "boolean"} if shape.type_name == "boolean" else {"type": "string"}


def _text(shape: StringShape) -> Schema:
    if len(shape.enum) > _MOST_VALUES:
        return {}
    if shape.enum:
        return {"enum": list(shape.enum)}
    pattern = shape.metadata.get("pattern")
    return {"pattern": pattern} if pattern and _is_pythons(pattern) else {}


def _is_pythons(pattern: str) -> bool:
    """Whether Python reads a pattern, which is Java's, and it says something."""
    try:
        return re.compile(pattern).fullmatch("\x00 \x00") is None and "\\p" not in pattern
    except re.error:
        return False


def _bounds(shape: Shape, kind: str) -> Schema:
    found = {key: shape.metadata.get(name) for name, key in _BOUNDS[kind].items()}
    # A bound that nobody reaches says nothing.
    return {key: bound for key, bound in found.items() if bound and abs(bound) < 2**31 - 1}


if __name__ == "__main__":
    main()
