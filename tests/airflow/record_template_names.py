"""Writes `dag_templates/template_names.json` anew: what the texts that Airflow renders may use.

    python -m tests.airflow.record_template_names

`template_names.py` lists it in the Airflow of each target, and `test_template_names.py` compares
those that are installed.
"""

import json
import subprocess
from pathlib import Path

from dagc.compiler.catalog.sources import NAMES_FILE, built_in_templates
from dagc.compiler.targets import TARGETS
from tests.airflow.installed import ROOT, airflow_of

FILE = built_in_templates() / NAMES_FILE


def template_names(python: Path) -> dict[str, str]:
    """By kind, the names, in one text, as the Airflow of `python` has them."""
    command: list[str | Path] = [python, "-Wignore", ROOT / "tests/airflow/template_names.py"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return {kind: " ".join(names) for kind, names in found.items()}


def main() -> None:
    """Record all targets."""
    report = {}
    for target in TARGETS:
        with airflow_of(target) as python:
            report[str(target)] = template_names(python)
    # A kind a line, so that a difference reads well.
    FILE.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
