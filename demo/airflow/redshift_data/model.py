"""Requests and answers, held against botocore's own model of the API."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator

from demo.airflow.redshift_data.errors import RefusedError


@cache
def service() -> ServiceModel:
    """The model of the service `redshift-data`."""
    return botocore.session.Session().get_service_model("redshift-data")


def operation(target: str) -> OperationModel:
    """The operation that the header X-Amz-Target names."""
    prefix, _, name = target.partition(".")
    known = prefix == service().metadata["targetPrefix"] and name in service().operation_names
    if not known:
        raise RefusedError(f"Unknown operation {target!r}", "UnknownOperationException")
    return service().operation_model(name)


def check_request(model: OperationModel, request: dict[str, Any]) -> None:
    """Refuse a request that is not of the model's shape and within its limits."""
    shape = model.input_shape
    assert shape is not None
    report = ParamValidator().validate(request, shape)
    problems = [report.generate_report()] if report.has_errors() else list(_beyond(request, shape))
    if problems:
        listed = "; ".join(problems)
        raise RefusedError(f"{len(problems)} validation error(s) detected: {listed}")


def check_answer(model: OperationModel, answer: dict[str, Any]) -> None:
    """Our own answers are of the model's shape."""
    shape = model.output_shape
    assert shape is not None
    report = ParamValidator().validate(answer, shape)
    assert not report.has_errors(), report.generate_report()


def _beyond(value: Any, shape: Shape, name: str = "") -> Iterator[str]:
    """The limits that botocore leaves to the service."""
    limits = shape.metadata
    size = (
        value if shape.type_name in {"integer", "long"} else len(value) if _has_size(value) else 0
    )
    if "max" in limits and size > limits["max"]:
        yield f"{name} must be at most {limits['max']}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"{name} must satisfy the pattern {limits['pattern']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"{name} must be one of {limits['enum']}"
    if isinstance(shape, StructureShape):
        for member, part in value.items():
            yield from _beyond(part, shape.members[member], member)
    if isinstance(shape, ListShape):
        for part in value:
            yield from _beyond(part, shape.member, name)


def _has_size(value: Any) -> bool:
    return isinstance(value, str | list)
