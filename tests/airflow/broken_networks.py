"""Calls the hooks of run history in a real Airflow while the network is broken.

Run it with the interpreter of an Airflow environment: `python broken_networks.py PLUGINS REPORT`.
REPORT is a JSON file, of each network in which a task begins and succeeds and its process ends:

    {"drip": {"seconds": {"running": 0.81, …}, "held": true, "dropped": 2, "lines": 1}, …}

`held`: when the last hook had returned, what had begun first was still without its answer.
"""

import importlib
import json
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

listen: Any = importlib.import_module("listen")  # beside this script
ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB"
MANAGER = "airflow.listeners.listener"
OPERATORS = "airflow.providers.amazon.aws.operators.redshift_data"


def main(plugins: str, report: str) -> None:
    """Each network in turn; each with a recorder and a folder for temporary files of its own."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {
            **listen.with_plugins(plugins, home),
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        importlib.import_module("airflow")
        hook = importlib.import_module(MANAGER).get_listener_manager().hook
        networks = {
            "drip": dripping,
            "silent": silent,
            "resolver": hung_resolver,
            "gone": gone,
            "describe": dripping_describe,
        }
        found = {name: observed(hook, network, home) for name, network in networks.items()}
    Path(report).write_text(json.dumps(found, indent=1), encoding="utf-8")


def observed(hook: Any, network: Callable[[], Any], home: str) -> dict[str, Any]:
    """What the hooks of one task do in this network."""
    history = importlib.import_module("dagc_run_history")
    history._recorder.cache_clear()  # as in a new process
    tempfile.tempdir = tempfile.mkdtemp(dir=home)
    seconds = {}
    task = importlib.import_module(OPERATORS).RedshiftDataOperator(
        task_id="t", database="d", sql="SELECT 1", aws_conn_id=None, region_name="us-east-1"
    )
    task.statement_id = "s-1"
    with network() as is_held, lines() as told:
        for name in ("running", "success", "stopping"):
            held = name == "stopping" and is_held()
            begun = time.monotonic()
            if name == "stopping":
                listen.call(hook, "before_stopping", component=None)
            else:
                ti = listen.task_instance(name)
                ti.task, ti.operator = task, type(task).__name__
                listen.call(hook, f"on_task_instance_{name}", previous_state="x", task_instance=ti)
            seconds[name] = round(time.monotonic() - begun, 2)
        held = held and is_held()
        known = history._recorder(os.getpid())._trouble.read()
    return {"seconds": seconds, "held": held, "dropped": known.dropped, "lines": len(told)}


@contextmanager
def lines() -> Iterator[list[str]]:
    """The lines that the plugin writes into the log."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("dagc_run_recorder")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    yield told
    logger.removeHandler(handler)


@contextmanager
def answering(
    answer: Callable[[socket.socket, Event], None], variable: str = ENDPOINT
) -> Iterator[Callable[[], bool]]:
    """An endpoint that never answers all; yields whether somebody waits for it."""
    over, reached = Event(), Event()

    def serve(connection: socket.socket) -> None:
        reached.set()
        with connection:
            answer(connection, over)

    def accept() -> None:
        while not over.is_set():
            connection, _ = server.accept()
            Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as stack:
        os.environ[variable] = f"http://127.0.0.1:{server.getsockname()[1]}"
        Thread(target=accept, daemon=True).start()
        stack.callback(over.set)
        yield lambda: reached.wait() and not over.is_set()


def drip(connection: socket.socket, over: Event) -> None:
    """An answer that comes byte by byte, and never ends."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.3):
        connection.sendall(b" ")


def dripping() -> Any:
    """The table's endpoint answers byte by byte."""
    return answering(drip)


@contextmanager
def dripping_describe() -> Iterator[Callable[[], bool]]:
    """The table answers, and the Redshift Data API does so byte by byte."""
    body = b'{"Attributes": {"started_at": {"S": "2026-11-22T05:00:00.000Z"}}}'

    def record(connection: socket.socket, _: Event) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ")
        connection.sendall(f"{len(body)}\r\n\r\n".encode() + body)

    with answering(record), answering(drip, "AWS_ENDPOINT_URL_REDSHIFT_DATA") as is_held:
        yield is_held


def silent() -> Any:
    """An endpoint that takes connections, and says nothing."""

    def hold(_: socket.socket, over: Event) -> None:
        over.wait()

    return answering(hold)


@contextmanager
def hung_resolver() -> Iterator[Callable[[], bool]]:
    """A resolver that never answers."""
    over, asked, real = Event(), Event(), socket.getaddrinfo

    def hang(*_: Any, **__: Any) -> Any:
        asked.set()
        over.wait()
        raise socket.gaierror("no answer")

    os.environ[ENDPOINT] = "http://dynamodb.nowhere.example:8000"
    socket.getaddrinfo = hang
    yield lambda: asked.wait() and not over.is_set()
    over.set()
    socket.getaddrinfo = real


@contextmanager
def gone() -> Iterator[Callable[[], bool]]:
    """An endpoint that refuses connections: there is an answer, and nothing to hold."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.environ[ENDPOINT] = f"http://127.0.0.1:{server.getsockname()[1]}"
    yield lambda: False


if __name__ == "__main__":
    main(*sys.argv[1:])
