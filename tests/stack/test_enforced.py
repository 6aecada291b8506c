"""The policies, where they are enforced: what each function needs works, and nothing else does."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo.deploy import STACK_NAME, deploy
from demo.local_aws import local_aws
from demo.stack import Stack
from tests.stack.template import TEMPLATE

COMPILE = {
    *("put a dag", "head a dag", "delete a dag", "list the dags", "list one dag"),
    *("get rows", "describe a table"),
    *("put a state", "update a state"),
    *("get edges", "query edges", "put edges", "update an edge", "delete an edge"),
    "tell the bus",
}
SCAN = {"scan rows", "scan states", "scan edges"}
ALLOWED = {
    "compiler": COMPILE | {"give up"},
    "rebuild": COMPILE | SCAN,
    "redrive": COMPILE | SCAN | {"take what was given up"},
}
NEVER = {
    *("list the bucket", "list above", "put elsewhere", "get elsewhere", "delete elsewhere"),
    *("write a row", "delete a row", "delete a state", "drop a table", "purge the queue"),
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
    template = folder / TEMPLATE.name
    template.write_text(without_tls_for_the_queue(TEMPLATE.read_text(encoding="utf-8")))
    with local_aws(enforce=True) as aws:
        yield deploy(aws, template, Console(quiet=True))


def without_tls_for_the_queue(template: str) -> str:
    """This ministack speaks no TLS, and then even an administrator cannot take the policy away."""
    changed, count = re.subn(
        r"^  GivenUpQueuePolicy:\n(?:    .*\n)+", "", template, flags=re.MULTILINE
    )
    assert count == 1
    return changed


def client(stack: Stack, service: str) -> Any:
    return stack.aws.session().client(service, endpoint_url=stack.aws.endpoint)  # type: ignore[call-overload]


def outcomes(stack: Stack, function: str) -> dict[str, str]:
    queue = client(stack, "sqs").get_queue_url(QueueName=f"{STACK_NAME}-given-up")["QueueUrl"]
    answer = client(stack, "lambda").invoke(
        FunctionName=f"{STACK_NAME}-{function}", Payload=json.dumps({"queue": queue})
    )
    found: dict[str, str] = json.loads(answer["Payload"].read())
    return found


def test_only_over_tls(stack: Stack) -> None:
    plain = outcomes(stack, "compiler")
    assert plain["put a dag"] == plain["list the dags"] == "AccessDenied"


@pytest.fixture
def plain_bucket(stack: Stack) -> None:
    """From here on, the roles alone decide."""
    stack.s3.delete_bucket_policy(Bucket=stack.bucket)


@pytest.mark.usefixtures("plain_bucket")
@pytest.mark.parametrize("function", ALLOWED)
def test_role(stack: Stack, function: str) -> None:
    found = outcomes(stack, function)
    assert found.keys() == set.union(NEVER, *ALLOWED.values())
    allowed = ALLOWED[function]
    assert {name: found[name] for name in allowed} == dict.fromkeys(allowed, "ok")
    refused = {name for name, outcome in found.items() if outcome.startswith("AccessDenied")}
    assert refused == found.keys() - allowed
