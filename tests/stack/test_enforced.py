"""The policies, where they are enforced: what compiling needs works, and nothing else does."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from demo.deploy import deploy
from demo.local_aws import local_aws
from demo.stack import Stack
from tests.stack.template import TEMPLATE

ALLOWED = {
    "put a dag",
    "head a dag",
    "delete a dag",
    "list the dags",
    "list one dag",
    "scan a table",
    "get a row",
    "get rows",
    "query a table",
}
DENIED = {
    "list the bucket",
    "list above",
    "put elsewhere",
    "get elsewhere",
    "delete elsewhere",
    "write a row",
    "delete a row",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Our template, deployed with the probe in place of the compiler."""
    folder = tmp_path_factory.mktemp("probe")
    handlers = folder / "functions" / "dagc" / "handlers"
    handlers.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("probe.py"), handlers / "stream.py")
    for package in (handlers, handlers.parent):
        # Without these, ministack's own environment would lend the function the real package.
        (package / "__init__.py").touch()
    template = shutil.copy(TEMPLATE, folder)
    with local_aws(enforce=True) as aws:
        yield deploy(aws, Path(template), Console(quiet=True))


def outcomes(stack: Stack) -> dict[str, str]:
    client = stack.aws.session().client("lambda", endpoint_url=stack.aws.endpoint)
    payload = client.invoke(FunctionName=stack.function)["Payload"].read()
    found: dict[str, str] = json.loads(payload)
    return found


def test_bucket_and_role(stack: Stack) -> None:
    plain = outcomes(stack)
    assert plain["put a dag"] == plain["list the dags"] == "AccessDenied", "only over TLS"

    # From here on, the role alone: this ministack speaks no TLS.
    stack.s3.delete_bucket_policy(Bucket=stack.bucket)
    found = outcomes(stack)
    assert {name: found[name] for name in ALLOWED} == dict.fromkeys(ALLOWED, "ok")
    refused = {name for name, outcome in found.items() if outcome.startswith("AccessDenied")}
    assert refused == DENIED
    assert found.keys() == ALLOWED | DENIED
