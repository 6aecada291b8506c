"""A hint that proposes something is true: with it in its place, the diagnostic is gone."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dagc.compiler import Code, Diagnostic, compile_rows, load_toolchain, read_rows
from dagc.compiler.rows.keys import KEYS
from tests.golden.case import Case, all_cases, read_case
from tests.golden.proposals import repaired

_OF_A_VALUE = {
    Code.BAD_VALUE,
    Code.BAD_SCHEDULE,
    Code.BAD_TYPE,
    Code.CLOCK_CHANGE,
    Code.EITHER_DAY,
    Code.SHORT_MONTHS,
    Code.UNEVEN_STEPS,
}
_EXAMPLE = re.compile(r"'([^']+)'")
_OF_ALERTS = re.compile(r"\$\.on_\w+\.callable")
"""A function that has the form that the hint says is still none that the defaults list."""
_TAKEN_OUT = re.compile(r"\b[Rr]emove (?:it\b|([a-z_]+(?:, [a-z_]+)*) here)")
_NUMBER = re.compile(r"Write (\d+) or ")


@pytest.mark.parametrize("folder", all_cases(), ids=lambda folder: folder.name)
def test_what_is_proposed_helps(folder: Path) -> None:
    case = read_case(folder)
    if not (folder / "diagnostics.txt").exists():
        return
    for diagnostic in _of_folder(folder):
        for proposal in _proposals(diagnostic):
            remaining = _diagnostics(repaired(case, diagnostic, proposal))
            place = (diagnostic.place, diagnostic.code)
            assert place not in {(other.place, other.code) for other in remaining}, proposal


def test_what_is_proposed_can_be_applied() -> None:
    diagnostics = [found for folder in all_cases() for found in _of_folder(folder)]
    assert any(found.proposal for found in diagnostics)
    for found in diagnostics:
        assert bool(found.proposal) == ("Did you mean" in found.hint), found


def _proposals(diagnostic: Diagnostic) -> Iterator[dict[str, Any]]:
    """What the hint proposes: as data, or as examples of what to write."""
    if diagnostic.proposal:
        yield json.loads(diagnostic.proposal)
    elif diagnostic.path and (names := _TAKEN_OUT.search(diagnostic.hint)):
        yield {"remove": names[1].split(", ") if names[1] else []}
    elif (
        diagnostic.code in _OF_A_VALUE
        and diagnostic.path
        and not _OF_ALERTS.fullmatch(diagnostic.path)
    ):
        yield from ({"value": text} for text in _EXAMPLE.findall(diagnostic.hint))
        yield from ({"value": int(number)} for number in _NUMBER.findall(diagnostic.hint))


@cache
def _of_folder(folder: Path) -> list[Diagnostic]:
    return _diagnostics(read_case(folder))


def _diagnostics(case: Case) -> list[Diagnostic]:
    """What is wrong in the rows of `case`, its tasks without a job included."""
    toolchain, _ = load_toolchain(case.target, case.environment, case.team)
    if toolchain is None:
        return []
    tasks, jobs, schedulers = (case.tables[table] for table in KEYS)
    rows = read_rows(tasks, jobs, schedulers, toolchain)
    found = [task.diagnostics for task in rows.all_tasks()]
    found += [dag.diagnostics for dag in compile_rows(rows, toolchain)]
    return [item for diagnostics in found for item in diagnostics if item.table in KEYS]
