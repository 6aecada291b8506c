"""The process behind `bench.invocation`: a question in each line of its input, an answer in each of
its output.
"""

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from typing import Any


class _Context:
    """What the handlers and Powertools ask of Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "0"

    def get_remaining_time_in_millis(self) -> int:
        """All of it, always."""
        return 900_000


def main(options: Mapping[str, Any]) -> None:
    """Imports the handler, and answers until there are no more questions."""
    answers = os.fdopen(os.dup(1), "w")
    # The handlers' log goes to stdout, and is part of what they do.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    handler: Any = import_module(options["module"])
    if options["toolchain"]:
        tools = handler.deployment.toolchain._replace(fingerprint=options["toolchain"])
        handler.deployment = handler.deployment._replace(toolchain=tools)
    calls: Counter[str] = Counter()
    _observe(handler.deployment, calls, options["latency_ms"])
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line), handler, calls)) + "\n")
        answers.flush()


def _answer(question: Mapping[str, Any], handler: Any, calls: Counter[str]) -> Any:
    if "start" in question:
        return {"cpu": time.process_time()}
    if "memory" in question:
        return {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    calls.clear()
    cpu, wall = time.process_time(), time.perf_counter()
    answer = handler.handle(question["event"], _Context())
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "calls": calls,
        "answer": answer,
    }


def _observe(deployment: Any, calls: Counter[str], latency_ms: Mapping[str, float]) -> None:
    def before_send(event_name: str, **_more: Any) -> None:
        _, service, operation = event_name.split(".")
        calls[operation] += 1
        if latency_ms:
            time.sleep(latency_ms[service] / 1000)

    for part in (deployment.dags, deployment.bucket, deployment.bus):
        part.client.meta.events.register("before-send", before_send)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
