"""The package's botocore knows what the functions call, and no more."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import botocore.session
import grimp
import pytest
from botocore import xform_name

from dagc.packaging.service_models import OPERATIONS
from tests.stack.template import ROOT

SOURCES = ROOT / "functions"
BY_BOTOCORE = {"dynamodb": {"DescribeEndpoints"}, "s3": {"HeadBucket"}}
"""What botocore may call by itself."""


def sources() -> list[ast.AST]:
    """Parse the handlers and all that they import, directly or not."""
    imported = grimp.build_graph("dagc", cache_dir=None).find_upstream_modules(
        "dagc.handlers", as_package=True
    )
    handlers = (f"dagc.handlers.{path.stem}" for path in SOURCES.glob("dagc/handlers/*.py"))
    paths = (SOURCES / name.replace(".", "/") for name in sorted({*imported, *handlers}))
    return [
        ast.parse(file.read_text(encoding="utf-8"))
        for file in (path.with_suffix(".py") for path in paths)
        if file.exists()
    ]


def named_first(function: str) -> set[str]:
    """The first argument of every call of `function("…")` or `….function("…")`."""
    return {
        node.args[0].value
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] == function
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def of_clients() -> set[str]:
    """The methods of `client`, `….client`, `….sqs` and `….streams`, called or handed on."""
    return {
        node.attr
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value).rpartition(".")[2] in {"client", "sqs", "streams"}
    }


def test_a_client_of_each_service() -> None:
    assert named_first("make_client") == OPERATIONS.keys()


def test_every_operation_that_is_called_and_no_other() -> None:
    used = (of_clients() - {"get_paginator", "meta"}) | named_first("get_paginator")
    session = botocore.session.get_session()
    operations = {
        xform_name(operation): (service, operation)
        for service in OPERATIONS
        for operation in session.get_service_model(service).operation_names
    }
    called: dict[str, set[str]] = {service: set() for service in OPERATIONS}
    for name in used:
        service, operation = operations[name]
        called[service].add(operation)
    wanted = {service: called[service] | BY_BOTOCORE.get(service, set()) for service in called}
    assert wanted == OPERATIONS


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_the_same_endpoints(package: Path, region: str) -> None:
    program = f"""
import json, botocore.session
session = botocore.session.Session()
session.set_credentials("test", "test")
clients = [session.create_client(name, {region!r}) for name in {sorted(OPERATIONS)}]
print(json.dumps([client.meta.endpoint_url for client in clients]))
"""

    def endpoints(*options: str, path: str) -> list[str]:
        found: list[str] = json.loads(
            subprocess.check_output(
                [sys.executable, *options, "-c", program], env={"PYTHONPATH": path}, text=True
            )
        )
        return found

    trimmed = endpoints("-S", path=str(package))
    assert len(set(trimmed)) == len(OPERATIONS)
    assert trimmed == endpoints(path="")
