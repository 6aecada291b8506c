"""Writes `signatures.json` anew: what each operator of our types takes, in each target.

    python -m tests.airflow.record_signatures

Where a target's Airflow is not among the installed tools, it is installed as it was on a day, in a
folder of its own that is removed. `tests/airflow/test_signatures.py` compares the installed ones.
"""

import json
import subprocess
from pathlib import Path

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import TARGETS, Target
from tests.airflow.installed import ROOT, airflow_of

FILE = Path(__file__).with_name("signatures.json")


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


def main() -> None:
    """Record all targets."""
    report = {}
    for target in TARGETS:
        with airflow_of(target) as python:
            report[str(target)] = signatures(target, python)
    # An operator a line, so that a difference reads well.
    targets = (
        f'"{target}": {{\n'
        + ",\n".join(f" {json.dumps(name)}: {json.dumps(found[name])}" for name in found)
        for target, found in report.items()
    )
    FILE.write_text("{" + "\n},\n".join(targets) + "\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
