"""The file in which processes tell each other of a table that fails: a hint, whatever is in it."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.run_table import load

trouble = load("dagc_run_trouble")
PAUSED = trouble.Trouble(trouble.FAILURES, 1000.0, 7, "2026-11-22T05:00:00.000Z", "", "refused")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return trouble.TroubleFile("there")


def test_one_process_writes_and_another_reads(file: Any) -> None:
    assert file.read() == trouble.Trouble()
    file.change(lambda _: PAUSED)
    assert trouble.TroubleFile("there").read() == PAUSED
    assert trouble.TroubleFile("elsewhere").read() == trouble.Trouble()
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("now", "paused"),
    [(1000.0, True), (1059.9, True), (1060.0, False), (999.9, False), (0.0, False)],
)
def test_a_pause_ends_and_a_moment_to_come_is_of_before_a_restart(now: float, paused: bool) -> None:  # noqa: FBT001
    assert PAUSED.pauses(now) == paused


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[" * 4000,
        b"\xff\xfe",
        b"9" * 5000,
        *(
            json.dumps({**asdict(PAUSED), **wrong}).encode()
            for wrong in (
                {"failures": True},
                {"failures": -1},
                {"failures": "3"},
                {"failed_at": None},
                {"failed_at": float("nan")},
                {"failed_at": float("inf")},
                {"dropped": 10**400},
                {"error": "x" * 301},
                {"error": "\ud800"},
                {"since": "\x1b[31m"},
                {"since": ["2026"]},
            )
        ),
    ],
)
def test_what_was_not_written_by_us_is_no_trouble(file: Any, content: bytes) -> None:
    file.path.write_bytes(content)
    file.path.chmod(0o600)
    assert file.read() == trouble.Trouble()
    assert file.change(lambda known: known.failed(5.0)) == trouble.Trouble(1, 5.0)
    assert file.read() == trouble.Trouble(1, 5.0)


def _link(path: Path) -> None:
    target = path.with_name("target")
    target.write_text("precious")
    target.chmod(0o600)
    path.symlink_to(target)


def _hard_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_text("precious")
    target.chmod(0o600)
    path.hardlink_to(target)


def _open_to_all(path: Path) -> None:
    path.write_text(json.dumps(asdict(PAUSED)))
    path.chmod(0o666)


@pytest.mark.parametrize("put", [_link, _hard_link, os.mkfifo, Path.mkdir, _open_to_all])
def test_a_file_that_others_can_write_is_left_alone(
    file: Any, put: Callable[[Path], object]
) -> None:
    put(file.path)
    assert file.change(lambda known: known.failed(5.0)) == trouble.Trouble(1, 5.0)
    assert file.read() == trouble.Trouble(1, 5.0), "the process has its own"
    assert trouble.TroubleFile("there").read() == trouble.Trouble()
    target = file.path.with_name("target")
    assert not target.exists() or target.read_text() == "precious"


def test_without_a_folder_a_process_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    file = trouble.TroubleFile("there")
    file.change(lambda _: PAUSED)
    assert file.read() == PAUSED


def test_no_count_is_lost_among_processes(file: Any) -> None:
    files = [trouble.TroubleFile("there") for _ in range(4)]

    def drop(each: Any) -> None:
        for _ in range(25):
            each.change(lambda known: known.after_drop(1, "refused", "2026"))

    with ThreadPoolExecutor() as pool:
        list(pool.map(drop, files))
    # Who did not get the lock in time counts for itself.
    assert file.read().dropped + sum(each._own.dropped for each in files) == 100


def test_what_was_told_goes_unless_more_came() -> None:
    more = PAUSED.after_drop(2, "late\nanswer", "2026-11-22T05:01:00.000Z")
    assert (more.dropped, more.since, more.error) == (9, PAUSED.since, "late answer")
    assert more.told(PAUSED) == more
    assert more.told(more).dropped == 0
    assert more.told(more).recovered() == trouble.Trouble()
