"""`make dev`: the commands that it prints do what they say, and it shows what became of them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


@contextmanager
def dev() -> Iterator[IO[str]]:
    """What `make dev` prints, until ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "demo.dev"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate()
    assert process.returncode == 0, rest


def until(text: str, printed: IO[str]) -> list[str]:
    """The lines before the one with `text`."""
    seen: list[str] = []
    for line in printed:
        if text in line:
            return seen
        seen.append(line)
    raise AssertionError("".join(seen))


def run(command: str, environment: dict[str, str]) -> str:
    found = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, (command, found.stderr)
    return found.stdout


def test_every_command_works_and_is_seen_to() -> None:
    with dev() as printed:
        lines = until("ctrl-C ends it", printed)
        (export,) = (line for line in lines if line.startswith("export "))
        named = dict(word.split("=") for word in export.split()[1:])
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        environment = {**kept, **named}
        commands = iter([line for line in lines if line.startswith(".venv/bin/aws ")])

        run(next(commands), environment)
        until("0 6 * * 0", printed)
        run(next(commands), environment)
        until("the log: schedule-warehouse_setup invalid", printed)

        run(next(commands), environment)
        until("the log: schedule-weekly_close invalid", printed)
        assert '"S": "invalid"' in run(
            next(command for command in lines if " get-item " in command), environment
        )
        run(next(commands), environment)
        until("schedule-weekly_close valid again", printed)

        rest = {command.split()[2]: run(command, environment) for command in commands}
        assert '"published": 1' in rest["invoke"]
        assert "schedule-weekly_close.py" in rest["ls"]
        until("the log: schedule-weekly_close drift", printed)
