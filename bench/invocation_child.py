"""The process behind `bench.invocation`: a question in each line of its input, an answer in each of
its output.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from threading import local
from typing import Any

from bench.peak_memory import peak_memory
from bench.traced_calls import Call, wire_bytes


class _Context:
    """What the handlers and Powertools ask of Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "0"

    def get_remaining_time_in_millis(self) -> int:
        """All of it, always."""
        return 900_000


class _Observer:
    """Sees each request of the handler's clients, and its answer; botocore tells both in the thread
    of the call. `latency_ms` is waited for before each, by service.
    """

    def __init__(self, latency_ms: Mapping[str, float], *, traced: bool) -> None:
        self.calls: Counter[str] = Counter()
        self.trace: list[Call] = []
        self._latency_ms = latency_ms
        self._traced = traced
        self._began = 0.0
        self._request = local()

    def begin(self) -> None:
        """Forgets what was seen before this invocation."""
        self.calls.clear()
        self.trace.clear()
        self._began = time.perf_counter()

    def watch(self, client: Any) -> None:
        """Has a client tell of its calls."""
        client.meta.events.register("before-send", self._before_send)
        if self._traced:
            client.meta.events.register("response-received", self._response_received)

    def _before_send(self, event_name: str, request: Any, **_more: Any) -> None:
        _, service, operation = event_name.split(".")
        self.calls[operation] += 1
        if self._traced:
            line = f"{request.method} {request.url} HTTP/1.1"
            self._request.start = time.perf_counter() - self._began
            self._request.sent = wire_bytes(line, request.headers)
        if self._latency_ms:
            time.sleep(self._latency_ms[service] / 1000)

    def _response_received(
        self, event_name: str, response_dict: Mapping[str, Any] | None, **_more: Any
    ) -> None:
        end, received = time.perf_counter() - self._began, 0
        if response_dict:  # else the connection broke, and botocore tries again
            received = wire_bytes("HTTP/1.1 200 OK", response_dict["headers"])
        operation = event_name.split(".")[2]
        self.trace.append(Call(operation, self._request.start, end, self._request.sent, received))


def main(options: Mapping[str, Any]) -> None:
    """Imports the handler, and answers until there are no more questions."""
    answers = os.fdopen(os.dup(1), "w")
    # The handlers' log goes to stdout, and is part of what they do.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    handler: Any = import_module(options["module"])
    if options["toolchain"]:
        tools = handler.deployment.toolchain._replace(fingerprint=options["toolchain"])
        handler.deployment = handler.deployment._replace(toolchain=tools)
    observer = _Observer(options["latency_ms"], traced=options["traced"])
    deployment = handler.deployment
    for part in (deployment.dags, deployment.bucket, deployment.bus):
        observer.watch(part.client)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line), handler, observer)) + "\n")
        answers.flush()


def _answer(question: Mapping[str, Any], handler: Any, observer: _Observer) -> Any:
    if "start" in question:
        return {"cpu": time.process_time()}
    if "memory" in question:
        return {"memory": peak_memory()}
    observer.begin()
    cpu, wall = time.process_time(), time.perf_counter()
    answer = handler.handle(question["event"], _Context())
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "calls": observer.calls,
        "trace": observer.trace,
        "answer": answer,
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
