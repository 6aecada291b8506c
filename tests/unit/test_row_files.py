"""Rows in files: every form that is read, and every broken one, which is told and not raised."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from dagc.row_files.reading.read_tables import read_tables
from dagc.row_files.reading.row_documents import RowsFileError

TASK = {"task_id": "1", "task_params": {"a": 1, "b": [0.5, None, True, "x"]}}
WRAPPED = {
    "task_id": {"S": "1"},
    "task_params": {
        "M": {
            "a": {"N": "1.0"},
            "b": {"L": [{"N": "0.5"}, {"NULL": True}, {"BOOL": True}, {"S": "x"}]},
        }
    },
}


def _read(folder: Path, content: dict[str, str | bytes]) -> tuple[list[Any], list[str]]:
    """The tasks of a folder with these files, and the codes of the diagnostics."""
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    tables, diagnostics, _ = read_tables(folder)
    return tables["mwaa_task"], [str(diagnostic.code) for diagnostic in diagnostics]


EXPORT = gzip.compress(json.dumps({"Item": WRAPPED}).encode() + b"\n\n")
FORMS: dict[str, str | bytes] = {
    "mwaa_task.json": json.dumps([TASK]),
    "mwaa_task.jsonl": json.dumps(TASK) + "\n\n",
    "mwaa_task.yaml": "- task_id: '1'\n  task_params: {a: 1.0, b: [0.5, null, true, x]}\n",
    "mwaa_task.yml": json.dumps([WRAPPED]),
    "mwaa_task.json.gz": gzip.compress(json.dumps(WRAPPED).encode()),
    "mwaa_task/AWSDynamoDB/0170-abc/data/x.json.gz": EXPORT,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_reads_the_same(tmp_path: Path, name: str) -> None:
    items, codes = _read(tmp_path, {name: FORMS[name]})
    assert repr(items) == repr([TASK])
    assert codes == []


def test_files_of_one_table_add_up(tmp_path: Path) -> None:
    second = json.dumps({"task_id": 2})
    items, codes = _read(
        tmp_path, {"mwaa_task.json": json.dumps([TASK]), "mwaa_task.jsonl": second}
    )
    assert [item["task_id"] for item in items] == ["1", 2]
    assert codes == []


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    rows = [TASK, {"task_id": 1}, {"task_id": 1.0}]
    items, codes = _read(tmp_path, {"mwaa_task.json": json.dumps(rows)})
    assert items == [TASK]
    assert codes == ["duplicate-row", "duplicate-row"]


@pytest.mark.parametrize("key", [None, "", " ", True, [], {}, {"a": 1}])
def test_a_row_without_its_key(tmp_path: Path, key: Any) -> None:
    items, codes = _read(tmp_path, {"mwaa_task.json": json.dumps([{"task_id": key, "x": 1}, TASK])})
    assert items == [TASK]
    assert codes == ["missing-attribute"]


def test_yaml_has_the_types_of_json(tmp_path: Path) -> None:
    text = "- {task_id: 1, a: 2024-01-31, b: 2024-01-31T06:00:00Z, c: {1: x, null: y, 2.5: z}}\n"
    [item], _ = _read(tmp_path, {"mwaa_task.yaml": text})
    assert item == {
        "task_id": 1, "a": "2024-01-31", "b": "2024-01-31T06:00:00Z",
        "c": {"1": "x", "null": "y", "2.5": "z"},
    }  # fmt: skip


BROKEN: dict[str, tuple[str, str | bytes]] = {
    "no JSON": ("mwaa_task.json", "[{"),
    "an empty file": ("mwaa_task.json", ""),
    "an object": ("mwaa_task.json", "{}"),
    "a list of texts": ("mwaa_task.json", '["a"]'),
    "a line that is no object": ("mwaa_task.jsonl", '{"task_id": 1}\n5\n'),
    "an empty YAML file": ("mwaa_task.yaml", ""),
    "no YAML": ("mwaa_task.yaml", "- a: [\n"),
    "an object in YAML": ("mwaa_task.yaml", "!!python/object:os.system {}\n"),
    "an unhashable key": ("mwaa_task.yaml", "- {? [a] : 1}\n"),
    "no UTF-8": ("mwaa_task.json", b"\xff\xfe[]"),
    "no gzip": ("mwaa_task.json.gz", b"[]"),
    "half a gzip": ("mwaa_task.json.gz", gzip.compress(b"x" * 5000)[:20]),
    "a broken gzip": ("mwaa_task.json.gz", gzip.compress(b"{}")[:10] + b"\xff" * 20),
    "thousands of digits": ("mwaa_task.json", "[" + "1" * 5000 + "]"),
    "thousands of digits in YAML": ("mwaa_task.yaml", "- a: " + "1" * 5000),
    "an exponent beyond any": ("mwaa_task.json", "[1e99999999999999999999]"),
    "too deep": ("mwaa_task.json", "[" * 100_000),
    "too deep in YAML": ("mwaa_task.yaml", "[" * 1_100),
    "no number": ("mwaa_task.json", '[{"task_id": {"N": "one"}}]'),
    "no map": ("mwaa_task.json", '[{"task_id": {"S": "1"}, "x": {"M": {"a": 5}}}]'),
    "no list": ("mwaa_task.json", '[{"task_id": {"S": "1"}, "x": {"L": 5}}]'),
    "an unknown kind": ("mwaa_task.json", '[{"x": {"M": {"a": {"Q": 5}}}}]'),
    "no base64": ("mwaa_task.json", '[{"task_id": {"S": "1"}, "x": {"B": "é"}}]'),
}


@pytest.mark.parametrize("about", BROKEN)
def test_a_broken_file_is_named(tmp_path: Path, about: str) -> None:
    name, content = BROKEN[about]
    with pytest.raises(RowsFileError, match=name):
        _read(tmp_path, {name: content})


MISNAMED = {
    "mwaa_tasks.yaml": "mwaa_task.yaml",
    "mwaa-task.json": "mwaa_task.json",
    "prod-mwaa_task.json": "mwaa_task.json",
    "Tasks.jsonl": "mwaa_task.jsonl",
    "MWAA_TASK.json.gz": "mwaa_task.json.gz",
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_file_by_another_name_is_not_passed_over(tmp_path: Path, name: str) -> None:
    with pytest.raises(RowsFileError, match=re.escape(f"Name it {MISNAMED[name]}")):
        _read(tmp_path, {name: "[]", "mwaa_job.json": "[]"})


@pytest.mark.parametrize("name", ["mwaa_tasks.md", "task_notes.yaml", "multitask.json"])
def test_other_files_may_stand_there(tmp_path: Path, name: str) -> None:
    assert _read(tmp_path, {name: "[]", "mwaa_job.json": "[]"}) == ([], [])


def test_a_copy_beside_a_table_is_left_alone(tmp_path: Path) -> None:
    content: dict[str, str | bytes] = {"mwaa_task.json": "[]", "prod-mwaa_task.json": "[{}]"}
    assert _read(tmp_path, content) == ([], [])


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RowsFileError, match="no folder"):
        read_tables(tmp_path / "nowhere")


def test_a_folder_without_rows(tmp_path: Path) -> None:
    with pytest.raises(RowsFileError, match="holds none of mwaa_task, mwaa_job, mwaa_scheduler"):
        read_tables(tmp_path)
