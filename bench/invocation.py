"""A process of a function that can be asked what an invocation took.

As in Lambda it has the built package alone; but it is no emulated runtime, which would hide its CPU
time and memory. Its AWS is the local one, in another process, whose time is not counted.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.package import ROOT, environment
from bench.traced_calls import Call

REBUILD = "dagc.handlers.rebuild"
STREAM = "dagc.handlers.stream"


class Invoked(NamedTuple):
    """CPU seconds of the process, and seconds on the clock; how often it called each operation;
    each call, where the process is traced; what it answered.
    """

    cpu: float
    wall: float
    calls: Mapping[str, int]
    trace: Sequence[Call]
    answer: Any


class Process:
    """A started function."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.start_cpu: float = self._ask({"start": True})["cpu"]

    def invoke(self, event: Mapping[str, Any]) -> Invoked:
        """Invokes the function, and waits for its answer."""
        found = self._ask({"event": event})
        found["trace"] = [Call(*call) for call in found["trace"]]
        return Invoked(**found)

    def peak_memory(self) -> float:
        """MiB, the most that it had until now."""
        found: float = self._ask({"memory": True})["memory"]
        return found

    def _ask(self, question: Mapping[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the function ended with exit code {self._process.wait()}")
        return json.loads(answer)


@contextmanager
def process(
    module: str,
    package: Path,
    variables: Mapping[str, str],
    *,
    toolchain: str = "",
    latency_ms: Mapping[str, float] | None = None,
    traced: bool = False,
) -> Iterator[Process]:
    """The function of a handler's module.

    `toolchain` stands in for the fingerprint of the templates, as if others had been deployed.
    `latency_ms` is waited for before each request, by service. `traced`: each call is told, at the
    price of some CPU.
    """
    options = {
        "module": module,
        "toolchain": toolchain,
        "latency_ms": latency_ms or {},
        "traced": traced,
    }
    command = [sys.executable, "-S", "-m", "bench.invocation_child", json.dumps(options)]
    started = subprocess.Popen(  # noqa: S603  the command is ours
        command,
        cwd=ROOT,
        env={**environment(package, ROOT), **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Process(started)
    finally:
        started.kill()
        started.communicate()
