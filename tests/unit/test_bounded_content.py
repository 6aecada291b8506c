"""What is no file of rows is refused in a line, within bounds of memory."""

import gzip
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from dagc.row_files.reading import bounded_content, read_tables
from dagc.row_files.reading.bounded_content import MIB
from dagc.row_files.reading.read_tables import read_tables as read
from dagc.row_files.reading.row_documents import RowsFileError


def _bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(256):
            file.write(b"[" * MIB)


def _endless_line(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 << 30)


def _random(path: Path) -> None:
    path.write_bytes(b"\xff" + os.urandom(100_000))


def _long_text(path: Path) -> None:
    path.write_text("{task_id: '1', task_params: !file long.sql}")
    _endless_line(path.parent / "long.sql")


def _laughs(path: Path) -> None:
    """A billion laughs: nine lists of ten lists each."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    path.write_text("\n".join([*lines, "task_id: '1'", "task_params: {x: *a8}"]))


def _merged_laughs(path: Path) -> None:
    lines = ["a0: &a0 {x: 1, y: 2, z: 3}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 9)]
    path.write_text("\n".join([*lines, "task_id: '1'"]))


@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        ("mwaa_task.json.gz", _bomb, "more than 64 MiB, unpacked. Put the rows in several files"),
        ("mwaa_task.jsonl", _endless_line, "more than 64 MiB. Put the rows in several files"),
        ("mwaa_task.yaml", _endless_line, "more than 8 MiB. Put the rows in several files"),
        ("mwaa_task.yaml", _long_text, "long.sql has more than 64 MiB. No row is as long."),
        ("mwaa_task.yaml", _laughs, r"line 1: its aliases \(\*\) stand for more than 1,000,000"),
        ("mwaa_task.yaml", _merged_laughs, "aliases"),
        ("mwaa_task.json", _random, "line 1: the byte 0xFF is not UTF-8"),
        ("mwaa_task.json.gz", _random, "Not a gzipped file"),
        ("mwaa_task.yaml", _random, "line 1: the byte 0xFF is not UTF-8"),
    ],
)
def test_what_is_no_file_of_rows(
    tmp_path: Path, name: str, write: Callable[[Path], None], said: str
) -> None:
    write(tmp_path / name)
    tracemalloc.start()
    try:
        with pytest.raises(RowsFileError, match=said) as refused:
            read(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(str(refused.value)) < 500
    assert peak < 3 * bounded_content.MOST


def test_more_rows_than_a_file_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_tables, "_MOST_ROWS", 3)
    (tmp_path / "mwaa_task.json").write_text("[{}, {}, {}, {}]")
    with pytest.raises(RowsFileError, match="more than 3 rows"):
        read(tmp_path)


def test_as_many_as_it_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_content, "MOST", 15)
    (tmp_path / "mwaa_task").mkdir()
    (tmp_path / "mwaa_task" / "1.json").write_bytes(b'{"task_id":"1"}')
    (tmp_path / "mwaa_task" / "2.json.gz").write_bytes(gzip.compress(b'{"task_id":"2"}'))
    assert [row["task_id"] for row in read(tmp_path).tables["mwaa_task"]] == ["1", "2"]


def test_aliases_may_stand_for_much(tmp_path: Path) -> None:
    rows = "".join(f"- {{task_id: '{n}', task_params: *it}}\n" for n in range(2, 200))
    shared = "- task_id: '1'\n  task_params: &it {a: 1, b: [1, 2]}\n"
    (tmp_path / "mwaa_task.yaml").write_text(shared + rows)
    assert len(read(tmp_path).tables["mwaa_task"]) == 199
