"""Writes `signatures.json` anew: what each operator of our types takes, in each target.

    python -m tests.airflow.record_signatures

Where a target's Airflow is not among the installed tools, it is installed as it was on a day, in a
folder of its own that is removed. `tests/airflow/test_signatures.py` compares the installed ones.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import TARGETS, Target

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("signatures.json")
DAYS = {
    "2.10": ("2.10.5", "2025-02-10", []),
    "3.1": ("3.1.8", "2026-04-01", ["apache-airflow-providers-standard"]),
    "3.2": ("3.2.2", "2026-06-01", ["apache-airflow-providers-standard"]),
}
"""The version of Airflow, the day, and what else is needed."""
PROVIDERS = ["apache-airflow-providers-amazon", "apache-airflow-providers-common-sql"]


def signatures(target: Target, python: Path) -> dict[str, list[str]]:
    """By operator, the arguments that it takes in `target`, as the Airflow of `python` has it."""
    toolchain, diagnostics = load_toolchain(target, "")
    assert toolchain is not None, diagnostics
    modules = {
        name: module for kind in toolchain.types.values() for name, module in kind.imports.items()
    }
    names = {f"{module}:{name}": name for name, module in sorted(modules.items())}
    command: list[str | Path] = [
        python,
        "-Wignore",
        ROOT / "tests/airflow/signatures.py",
        "own",
        *names,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return {names[operator]: arguments for operator, arguments in found.items()}


def installed_python(target: Target) -> Path:
    """The Python of the tests' Airflow of that version."""
    return ROOT / f".venv/tools/airflow-{target}/bin/python"


@contextmanager
def airflow_of(target: Target) -> Iterator[Path]:
    """The Python of an Airflow of that version: the tests' own, or one that is then removed."""
    if installed_python(target).exists():
        yield installed_python(target)
    else:
        with TemporaryDirectory() as folder:
            yield _install(str(target), Path(folder))


def main() -> None:
    """Record all targets."""
    report = {}
    for target in TARGETS:
        sys.stderr.write(f"Airflow {target}\n")
        with airflow_of(target) as python:
            report[str(target)] = signatures(target, python)
    # An operator a line, so that a difference reads well.
    targets = (
        f'"{target}": {{\n'
        + ",\n".join(f" {json.dumps(name)}: {json.dumps(found[name])}" for name in found)
        for target, found in report.items()
    )
    FILE.write_text("{" + "\n},\n".join(targets) + "\n}}\n", encoding="utf-8")


def _install(target: str, folder: Path) -> Path:
    version, day, more = DAYS[target]
    uv, python = Path(sys.executable).with_name("uv"), folder / "bin" / "python"
    subprocess.run(
        [uv, "venv", "--quiet", "--python", sys.executable, "--clear", folder], check=True
    )
    install: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--exclude-newer",
        day,
    ]
    subprocess.run([*install, f"apache-airflow=={version}", *PROVIDERS, *more], check=True)
    return python


if __name__ == "__main__":
    main()
