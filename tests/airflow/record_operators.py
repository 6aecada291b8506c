"""Writes `dag_templates/operators.zip` anew: what each operator takes, in each target.

    python -m tests.airflow.record_operators

Each target's Airflow is installed with `PACKAGES` in a folder of its own, which is removed. Their
versions are those of the constraints that `airflow_runtime/requirements/` names: Airflow makes
constraints of the newest packages on the day that it is released, and so does this, without the
file. It says so if Slack's provider is then not the one that the requirements name.
`list_operators.py` reads them there; `test_operators.py` compares those that are installed.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dagc.compiler.catalog.sources import OPERATORS_FILE, built_in_templates
from dagc.compiler.signatures.operators import INDEX
from dagc.compiler.targets import TARGETS, Target
from tests.airflow.installed import ROOT, airflow_with

FILE = built_in_templates() / OPERATORS_FILE
DAYS = {
    "2.10": "2024-11-06",
    "2.11": "2025-05-21",
    "3.0": "2025-08-31",
    "3.1": "2026-01-14",
    "3.2": "2026-04-22",
    "3.3": "2026-08-15",
}
"""A day when the Airflow of each target's constraints was the newest."""
PACKAGES = (
    "airbyte", "amazon", "cncf-kubernetes", "common-io", "common-sql", "databricks", "dbt-cloud",
    "docker", "exasol", "fab", "ftp", "github", "http", "imap", "microsoft-mssql", "mongo", "mysql",
    "opsgenie", "postgres", "presto", "salesforce", "sftp", "slack", "smtp", "snowflake", "sqlite",
    "ssh", "standard", "tableau", "trino",
)  # fmt: skip
SINCE = {"standard": Target(2, 11)}
"""The first target whose constraints have a provider."""
OVERRIDES = ("mysqlclient; sys_platform == 'none'",)
"""Packages that would have to be built against libraries of the system, and that nobody needs to
read signatures."""
_CONSTRAINTS = re.compile(r"/constraints-([\d.]+)/")
_SLACK = re.compile(r"apache-airflow-providers-slack==(\S+)")

Report = Mapping[str, Any]
"""What `list_operators.py` says of a target."""


def operators(python: Path) -> Report:
    """What the Airflow of `python` has."""
    command: list[str | Path] = [python, "-Wignore", "-m", "tests.airflow.list_operators"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    report: Report = json.loads(done.stdout.splitlines()[-1])
    return report


def main() -> None:
    """Record all targets."""
    FILE.write_bytes(archive({str(target): _recorded(target) for target in TARGETS}))


def _recorded(target: Target) -> Report:
    """What the Airflow of a target has, with the providers of its day."""
    sys.stderr.write(f"Airflow {target}\n")
    text = (ROOT / f"airflow_runtime/requirements/{target}.txt").read_text("utf-8")
    (version,), (slack,) = _CONSTRAINTS.findall(text), _SLACK.findall(text)
    names = [name for name in PACKAGES if target >= SINCE.get(name, target)]
    requirements = [f"apache-airflow-providers-{name}" for name in names]
    requirements.append(f"apache-airflow=={version}")
    with airflow_with(requirements, DAYS[str(target)], OVERRIDES) as python:
        report = operators(python)
    found = report["packages"]["apache-airflow-providers-slack"]
    if found != slack:
        sys.stderr.write(f"Not the day of the constraints: Slack {found}, not {slack}\n")
    return report


def archive(reports: Mapping[str, Report]) -> bytes:
    """The catalogue for the reports by target: the same bytes whenever it is made."""
    content = BytesIO()
    with ZipFile(content, "w") as file:
        for name, entries in sorted(files(reports).items()):
            info = ZipInfo(name)  # of 1980, as it is told no other time
            info.compress_type = ZIP_DEFLATED
            text = json.dumps(entries, separators=(",", ":"), sort_keys=True)
            file.writestr(info, text, compresslevel=9)
    return content.getvalue()


def files(reports: Mapping[str, Report]) -> dict[str, Any]:
    """The files of the catalogue by name, for the reports by target."""
    reports = dict(sorted(reports.items()))
    by_name: dict[str, dict[str, list[Report]]] = defaultdict(dict)
    for target, report in reports.items():
        for entry in report["operators"]:
            by_name[entry["name"]].setdefault(target, []).append(entry)
    moved: dict[str, str] = {}
    for report in reports.values():
        paths = {f"{entry['module']}.{entry['name']}" for entry in report["operators"]}
        moved |= {old: new for old, new in report["moved"].items() if new in paths}
    index = {
        "names": {name: list(targets) for name, targets in by_name.items()},
        "moved": moved,
        "packages": {target: report["packages"] for target, report in reports.items()},
        "missing": {target: report["missing"] for target, report in reports.items()},
    }
    return {INDEX: index} | {f"{name}.json": _entries(by_name[name]) for name in by_name}


def _entries(by_target: Mapping[str, Iterable[Report]]) -> dict[str, Any]:
    """What the classes of a name take: each signature once, and by target, the numbers of its."""
    signatures: list[Report] = []
    targets: dict[str, list[int]] = {}
    for target, entries in by_target.items():
        for entry in entries:
            signature = {key: value for key, value in entry.items() if key != "name"}
            if signature not in signatures:
                signatures.append(signature)
            targets.setdefault(target, []).append(signatures.index(signature))
    return {"signatures": signatures, "targets": targets}


if __name__ == "__main__":
    main()
