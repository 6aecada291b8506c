"""Where a cold start goes: `-X importtime`, by the package that asked for each module."""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from bench.package import environment

HANDLER = "dagc.handlers.stream"
STARTED = "clients and templates (no imports)"
_PYTHON = "Python itself"
_LINE = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|( *)(\S+)")


def split(package: Path, variables: Mapping[str, str], rounds: int) -> dict[str, float]:
    """Milliseconds by package, the most first. A module of Python's library counts for the package
    that imported it first.
    """
    runs = [_split_once(package, variables) for _ in range(rounds)]
    names = {name for run in runs for name in run}
    medians = {name: median(run.get(name, 0.0) for run in runs) for name in names}
    return dict(sorted(medians.items(), key=lambda entry: -entry[1]))


def _split_once(package: Path, variables: Mapping[str, str]) -> Mapping[str, float]:
    done = subprocess.run(  # noqa: S603  the command is ours
        [sys.executable, "-S", "-X", "importtime", "-c", f"import {HANDLER}"],
        cwd=package,
        env={**environment(package), **variables},
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: defaultdict[str, float] = defaultdict(float)
    owners: list[str] = []
    # A module stands below those that it imported, which are indented: read upwards.
    for line in reversed(done.stderr.splitlines()):
        if match := _LINE.match(line):
            depth = (len(match[2]) - 1) // 2
            del owners[depth:]
            owner = _owner(match[3], owners[-1] if owners else _PYTHON, package)
            owners.append(owner)
            result[STARTED if match[3] == HANDLER else owner] += int(match[1]) / 1000
    return result


def _owner(module: str, importer: str, package: Path) -> str:
    top = module.partition(".")[0]
    ours = (package / top).is_dir() or any(package.glob(f"{top}.*"))
    return top if ours else importer
