"""The policies, where they are enforced: what each function needs works, and nothing else does."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.stack import Stack
from tests.stack.enforcing import admit_plain_requests, enforced
from tests.stack.template import TEMPLATE

COMPILE = {
    *("put a dag", "head a dag", "delete a dag", "list the dags", "list one dag"),
    *("get rows", "describe a table"),
    *("get states", "put a state", "update a state"),
    *("get edges", "query edges", "put edges", "update an edge", "delete edges"),
    "publish an event",
}
SCAN = {"scan rows", "scan states", "scan edges"}
ALLOWED = {
    "compiler": COMPILE | {"send a dead letter"},
    "rebuild": COMPILE | SCAN | {"watch a stream"},
    "redrive": COMPILE | SCAN | {"take a dead letter"},
}
NEVER = {
    *("list the bucket", "list above", "put elsewhere", "get elsewhere", "delete elsewhere"),
    *("write a row", "delete a row", "delete a state", "drop a table", "purge the queue"),
    *("scan a foreign table", "watch a foreign stream"),
}
HANDLERS = ["stream", "rebuild", "redrive"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Our template, deployed with the probe in place of each function."""
    folder = tmp_path_factory.mktemp("probe")
    handlers = folder / "functions" / "dagc" / "handlers"
    handlers.mkdir(parents=True)
    for name in HANDLERS:
        shutil.copy(Path(__file__).with_name("probe.py"), handlers / f"{name}.py")
    for package in (handlers, handlers.parent):
        # Without these, ministack's own environment would lend the function the real package.
        (package / "__init__.py").touch()
    shutil.copy(TEMPLATE, folder)
    with enforced(folder / TEMPLATE.name) as deployed:
        yield deployed


def outcomes(stack: Stack, function: str) -> dict[str, str]:
    mappings = stack.lambda_.list_event_source_mappings(FunctionName=stack.functions["compiler"])
    event = {
        "queue": stack.dead_letter_queue,
        "mapping": mappings["EventSourceMappings"][0]["UUID"],
        "foreign mapping": "0f0f0f0f-0000-4000-8000-000000000000",
    }
    answer = stack.lambda_.invoke(FunctionName=stack.functions[function], Payload=json.dumps(event))
    found: dict[str, str] = json.loads(answer["Payload"].read())
    return found


def test_only_over_tls(stack: Stack) -> None:
    plain = outcomes(stack, "compiler")
    assert plain["put a dag"] == plain["list the dags"] == "AccessDenied"


@pytest.fixture
def plain_bucket(stack: Stack) -> None:
    """From here on, the roles alone decide."""
    admit_plain_requests(stack)


@pytest.mark.usefixtures("plain_bucket")
@pytest.mark.parametrize("function", ALLOWED)
def test_role(stack: Stack, function: str) -> None:
    found = outcomes(stack, function)
    assert found.keys() == set.union(NEVER, *ALLOWED.values())
    allowed = ALLOWED[function]
    assert {name: found[name] for name in allowed} == dict.fromkeys(allowed, "ok")
    refused = {name for name, outcome in found.items() if outcome.startswith("AccessDenied")}
    assert refused == found.keys() - allowed
