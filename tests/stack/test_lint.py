"""Linters of three makers accept the template."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.stack.template import ROOT, TEMPLATE, parsed

TOOLS = ROOT / ".venv" / "tools"


def run(program: Path, *arguments: str) -> str:
    assert program.exists(), f"{program.relative_to(ROOT)} is missing: run `make setup`"
    found = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env={**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture
def scripts() -> Path:
    """Where the programs of this interpreter's environment are."""
    return Path(sys.executable).parent


def test_sam_validates() -> None:
    run(TOOLS / "sam" / "bin" / "sam", "validate", "--lint", "--template", str(TEMPLATE))


def test_cfn_lint_with_the_serverless_rules(scripts: Path) -> None:
    run(scripts / "cfn-lint", "--append-rules", "cfn_lint_serverless.rules", "--", str(TEMPLATE))


def test_checkov() -> None:
    out = run(
        *(TOOLS / "checkov" / "bin" / "checkov", "--file", str(TEMPLATE)),
        *("--skip-download", "--compact", "--output", "json"),
    )
    # checkov's exit code is 0 for a template that it could not read at all.
    summary = json.loads(out)["summary"]
    assert summary["parsing_errors"] == 0
    assert summary["passed"] > 0


def test_every_exception_from_checkov_says_why() -> None:
    for name, resource in parsed()["Resources"].items():
        for skipped in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skipped["comment"]) > 30, (name, skipped)


def test_every_exception_from_cfn_lint_says_why() -> None:
    """In a comment before the rule, or before the list of them."""
    lines = [line.strip() for line in TEMPLATE.read_text(encoding="utf-8").splitlines()]
    for before, line in pairwise(lines):
        one_line = line.startswith("ignore_checks: [")
        if one_line or re.fullmatch(r"- [EW]S?\d{4}", line):
            assert before.startswith("# "), line
