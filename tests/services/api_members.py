"""Prints what `api_shapes.json` holds and the boto3 of an Airflow has not.

    python -m tests.services.api_members

Run it with the interpreter of that Airflow, in the root of this project. It prints the paths of the
members as a JSON list: ["glue.StartJobRun.ExecutionRoleSessionPolicy"].
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.session import get_session

FILE = Path(__file__).parents[2] / "dag_templates" / "api_shapes.json"


def main() -> None:
    """Print them."""
    unknown: set[str] = set()
    for name, schema in json.loads(FILE.read_text(encoding="utf-8")).items():
        service, operation, *members = name.split(".")
        shape = get_session().get_service_model(service).operation_model(operation).input_shape
        for member in members:
            shape = getattr(shape, "members", {}).get(member)
        unknown |= set(unknown_members(schema, shape, name))
    json.dump(sorted(unknown), sys.stdout)


def unknown_members(schema: dict[str, Any], shape: Any, path: str) -> Iterator[str]:
    """The members of the schema that the shape has not; `path` is where both stand."""
    if shape is None:
        yield path
    elif "properties" in schema:
        for name, entry in schema["properties"].items():
            yield from unknown_members(entry, shape.members.get(name), f"{path}.{name}")
    elif "items" in schema:
        yield from unknown_members(schema["items"], shape.member, f"{path}[]")
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from unknown_members(schema["additionalProperties"], shape.value, f"{path}{{}}")


if __name__ == "__main__":
    main()
