"""The real Lambda runtime interface, without Docker: AWS's emulator and `awslambdaric`."""

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.package import environment
from demo.deploy import SAM
from demo.loopback import OPENER, free_port

_START_SECONDS = 20.0


class Answer(NamedTuple):
    """What a function answered, and after how many milliseconds."""

    content: Any
    milliseconds: float


class Function:
    """A function in a runtime of its own. The first invocation starts its process."""

    def __init__(self, port: int, log: Path) -> None:
        self._url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self.log = log

    def invoke(self, event: Mapping[str, Any]) -> Answer:
        """Invokes the function, and waits for its answer. Raises RuntimeError with the log."""
        body = json.dumps(event).encode()
        start = time.perf_counter()
        with OPENER.open(self._url, body, timeout=60) as response:
            text = response.read()
        milliseconds = (time.perf_counter() - start) * 1000
        content = json.loads(text)
        if isinstance(content, dict) and "errorMessage" in content:
            raise RuntimeError(f"{content}\n{self.log.read_text(errors='replace')[-4000:]}")
        return Answer(content, milliseconds)


@contextmanager
def function(
    handler: str, package: Path, runtime: Path, variables: Mapping[str, str]
) -> Iterator[Function]:
    """The function `handler` of `package`, not started yet; its process is ended at the end."""
    port, api_port = free_port(), free_port()
    log = runtime / f"{handler}.log"
    command = [str(_emulator()), "--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    command += ["--runtime-api-address", f"127.0.0.1:{api_port}"]
    command += [sys.executable, "-S", "-m", "awslambdaric", handler]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  the command is ours
            command,
            cwd=package,
            env={**environment(package, runtime), **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port)
        yield Function(port, log)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _emulator() -> Path:
    """AWS's runtime interface emulator, which the SAM CLI brings along."""
    machine = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    (found,) = SAM.parents[1].glob(
        f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}"
    )
    return found


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError("the Lambda runtime interface emulator did not start")
