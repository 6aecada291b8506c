"""The command line, from its start to its end: `dagc --help`, and a compile of the examples."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import Comparison, Series
from bench.package import ROOT
from bench.place import Place

ROUNDS = 11
_DAGC = str(Path(sys.executable).with_name("dagc"))
_TYPER = """
import typer
app = typer.Typer()
@app.command()
def one(): pass
@app.command()
def other(): pass
app()
"""
"""The least that a command line of Typer is: two commands that do nothing."""


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons: times on the clock, as people wait for them, and CPU."""
    with tempfile.TemporaryDirectory(prefix="dagc-starts-") as folder:
        compiled = [_DAGC, "compile", "--team", str(ROOT / "examples"), "--out", folder]
        commands = {
            "help": [_DAGC, "--help"],
            "typer": [sys.executable, "-c", _TYPER, "--help"],
            "compile": compiled,
        }
        wall = {name: Series("s") for name in commands}
        cpu = {name: Series("s") for name in commands}
        for turn in range(-1, place.rounds(ROUNDS)):
            for name, command in commands.items():
                seconds, used = _run(command)
                # The first turn fills the machine's file cache.
                if turn >= 0:
                    wall[name].values.append(seconds)
                    cpu[name].values.append(used)
            place.step("starts of the command line")
    title, examples = "`dagc --help`", "`dagc compile` of the examples"
    yield Comparison(f"{title}: time", wall["help"], "Typer alone", wall["typer"])
    yield Comparison(f"{title}: CPU", cpu["help"], target="help")
    yield Comparison(f"{examples}: time", wall["compile"])
    yield Comparison(f"{examples}: CPU", cpu["compile"], target="compile-examples")


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Seconds on the clock, and CPU seconds, of a command that has to succeed."""
    before, began = _children(), time.perf_counter()
    environ = {**os.environ, "NO_COLOR": "1"}
    subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True)  # noqa: S603
    return time.perf_counter() - began, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
