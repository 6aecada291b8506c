"""The pure parts of `bench`: which parts a target needs, what is met, what calls lie in a row."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.measure import Comparison, Series
from bench.parts import PARTS, chosen
from bench.recorded import PROCESSOR
from bench.report import compared, judged
from bench.run import Run, figures, save
from bench.targets import TARGETS, shown
from bench.traced_calls import Call, depth, wire_bytes

ROOT = Path(__file__).parents[2]


def content(*comparisons: Comparison) -> dict[str, Any]:
    run = Run()
    run.add("part", comparisons)
    return run.as_dict()


def test_each_target_is_measured_by_a_part() -> None:
    assert {name: len(chosen([name])) for name in TARGETS} == dict.fromkeys(TARGETS, 1)


def test_nothing_chosen_is_everything() -> None:
    assert chosen([]) == PARTS


def test_a_part_or_a_target_can_be_chosen() -> None:
    assert list(chosen(["shared-cpu", "plans", "edit-depth"])) == ["edits", "shared", "plans"]


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="edit-cpus is neither a part"):
        chosen(["edit-cpu", "edit-cpus"])


def test_a_comparison_names_no_unknown_target() -> None:
    with pytest.raises(AssertionError, match="no-such"):
        Comparison("", Series("s", [1]), target="no-such")


def test_a_figure_is_the_ratio_of_the_medians_or_the_value() -> None:
    ours, other = Series("ms", [2, 3, 40]), Series("ms", [60, 30, 90])
    assert Comparison("", ours, "x", other).figure == pytest.approx(3 / 60)
    assert Comparison("", ours, "x", other, speedup=True).figure == pytest.approx(60 / 3)
    assert Comparison("", ours).figure == 3


def test_every_target_is_shown_and_says_what_became_of_it() -> None:
    run = content(
        Comparison("slow", Series("ms", [9.5]), target="edit-cpu"),
        Comparison(
            "fast", Series("s", [1]), "x", Series("s", [40]), speedup=True, target="shared-speedup"
        ),
        Comparison("dear", Series("$", [4]), target="cost-month", note="docs/cost.py"),
    )
    rows = {name: rest for name, *rest in judged(run)}
    assert list(rows) == list(TARGETS)
    assert rows["edit-cpu"][1:] == ["≤ 8 ms", "9.50 ms", "missed", ""]
    assert rows["shared-speedup"][1:] == ["≥ 24×", "40×", "met", ""]
    assert rows["cost-month"][1:] == ["≤ 4 $", "4 $", "met", "docs/cost.py"]
    assert rows["dagbag"][2:] == ["", "not measured in this run", ""]
    assert rows["processor-3.3-300"][2:] == [
        "", "not measured in this run", "python -m bench.processor",
    ]  # fmt: skip


def test_a_comparison_in_words() -> None:
    ours, other = Series("ms", [2.0, 3.0]), Series("ms", [8.0, 6.0])
    faster, slower = content(
        Comparison("a", ours, "peer", other, speedup=True), Comparison("b", other, "peer", ours)
    )["parts"]["part"]
    assert compared(faster) == ("a", "2.50 ms", "peer: 7 ms", "2.8× faster (2.0–4.0)")
    assert compared(slower) == ("b", "7 ms", "peer: 2.50 ms", "2.80× (2.00–4.00)")


def test_a_saved_run_keeps_what_counts(tmp_path: Path) -> None:
    run = content(Comparison("a", Series("s", [1 / 3]), target="help"))
    save(run, tmp_path / "run.json")
    kept = yaml.safe_load((tmp_path / "run.json").read_text())
    assert figures(kept) == {"help": (0.33333, "")}


@pytest.mark.parametrize(
    ("figure", "unit", "text"),
    [
        (0.056, "×", "0.06×"),
        (12.34, "ms", "12.3 ms"),
        (56_508, "calls", "56,508 calls"),
        (6, "s", "6 s"),
    ],
)
def test_figures_as_people_read_them(figure: float, unit: str, text: str) -> None:
    assert shown(figure, unit) == text


def call(start: float, end: float) -> Call:
    return Call("GetItem", start, end, 0, 0)


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([], 0),
        ([call(0, 1), call(1, 2), call(2, 3)], 3),
        ([call(0, 1), call(0.1, 1.1), call(0.2, 1)], 1),
        # A long one beside two that follow each other.
        ([call(0, 5), call(0, 1), call(2, 3), call(6, 7)], 3),
    ],
)
def test_calls_in_a_row(calls: list[Call], expected: int) -> None:
    assert depth(calls) == expected
    assert depth(reversed(calls)) == expected


def test_bytes_over_the_wire() -> None:
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    assert wire_bytes("POST / HTTP/1.1", {"Host": "x", "Content-Length": b"5"}) == len(sent)


def test_the_memory_of_a_process_is_its_own() -> None:
    held = b"x" * (200 * 1024 * 1024)
    program = "from bench.peak_memory import peak_memory; print(peak_memory())"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert 2 < float(done.stdout) < len(held) / 1024 / 1024 / 2


def test_what_is_recorded_of_the_processor_is_what_its_page_shows() -> None:
    recorded = yaml.safe_load(PROCESSOR.read_text())
    page = (ROOT / "docs" / "airflow-runtime.md").read_text()
    interval = f"| **each file again after {recorded['interval']} s** |"
    assert interval in page
    assert f"    Default: {recorded['interval']}" in parameter("MwaaMinFileProcessInterval")
    table = page[page.index("| CPU seconds of the processor") :].split("\n\n")[0]
    for files, row in ((300, interval), (1000, f"| **after {recorded['interval']} s** |")):
        [line] = (line for line in table.splitlines() if line.startswith(row))
        again = recorded["each file again after the interval"]
        for of_files in again.values():
            assert f"| {of_files[files]:,} (" in line


def parameter(name: str) -> str:
    """A parameter's section of the template."""
    template = (ROOT / "template.yaml").read_text()
    return re.split(r"\n  (?=\w)", template[template.index(f"\n  {name}:\n") + 1 :])[0]
