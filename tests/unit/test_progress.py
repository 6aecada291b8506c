"""Progress is shown on a terminal alone, for all that takes long."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from dagc.cli import progress as module
from dagc.cli.progress import progress
from dagc.row_files.reading.read_tables import read_tables


def _shown(monkeypatch: pytest.MonkeyPatch, *, on_terminal: bool) -> str:
    output = io.StringIO()
    monkeypatch.setattr(module, "stderr", Console(file=output, force_terminal=on_terminal))
    with progress("Reading") as bar:
        bar.reached(3, 4)
        bar.advance()
    return output.getvalue()


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _shown(monkeypatch, on_terminal=True)
    assert "Reading" in text
    assert "100%" in text


def test_a_file_gets_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _shown(monkeypatch, on_terminal=False)


def test_reading_tells_each_file(tmp_path: Path) -> None:
    folder = tmp_path / "mwaa_task"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.yaml").write_text(f"{{task_id: '{number}'}}")
    told: list[tuple[int, int]] = []
    read_tables(tmp_path, told=lambda *it: told.append(it))
    assert told == [(1, 3), (2, 3), (3, 3)]
