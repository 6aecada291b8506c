"""Rows in files: every form that is read, and every broken one, which is told and not raised."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from dagc.row_files.reading.misnamed_files import unread_files
from dagc.row_files.reading.read_tables import read_table_file, read_tables
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


TASK_ROW = '{task_id: "1"}\n'
MISTYPED = {
    "mwaa_tasks/1.yaml": "Move it into the folder {}/mwaa_task,",
    "task/1.yaml": "Move it into the folder {}/mwaa_task,",
    "mwaa_tasks.yaml": "Move it into the folder {}/mwaa_task,",
    "Task.YAML": "Move it into the folder {}/mwaa_task,",
    "mwaa_foo.json": "Move it into the folder {}/<table>,",
    "mwaa_foo/1.yaml": "Move it into the folder {}/<table>,",
    "jobs/mart/20.yaml": "nothing else holds mwaa_job. Name it mwaa_job,",
}


@pytest.mark.parametrize("name", MISTYPED)
def test_a_mistyped_table_is_not_passed_over(tmp_path: Path, name: str) -> None:
    row = '{job_type: "mart", job_id: "20"}' if name.startswith("jobs") else TASK_ROW
    with pytest.raises(RowsFileError, match=re.escape(MISTYPED[name].format(tmp_path))) as told:
        _read(tmp_path, {name: row, "mwaa_task/2.yaml": '{task_id: "2"}'})
    assert str(tmp_path / name.partition("/")[0]) in str(told.value)


def test_other_things_stand_beside_rows(tmp_path: Path) -> None:
    names = [
        "README.md", ".schema/mwaa_task.json", ".tasks.yaml", "mwaa_task/9.sql", "mwaa_task/a.md",
        "mwaa_dag.json", "archive/1.yaml", "tasks/README.md", "mwaa_task/.task.yaml.swp",
        "mwaa_job/.gitkeep", "mwaa_job/README.md",
    ]  # fmt: skip
    content: dict[str, str | bytes] = dict.fromkeys(names, TASK_ROW)
    content |= {"tasks.yaml": "- hosts: all", "mwaa_foo.json": "{}", "mwaa_task/x.txt": "notes"}
    assert _read(tmp_path, content | {"mwaa_task/1.yaml": TASK_ROW})[0] == [{"task_id": "1"}]
    assert unread_files(tmp_path) == [tmp_path / "mwaa_dag.json"]


def test_rows_that_are_not_read_are_found(tmp_path: Path) -> None:
    names = ["mwaa_job/x.txt", "mwaa_task/y.YAML", "mwaa_task/z", "all.yaml", "prod-mwaa_task.json"]
    content: dict[str, str | bytes] = dict.fromkeys(names, '- {job_type: "a", job_id: "1"}')
    _read(tmp_path, content | {"mwaa_task/1.yaml": TASK_ROW, "mwaa_job/1.json": "[]"})
    assert unread_files(tmp_path) == sorted(tmp_path / name for name in names)


NO_KEY = {
    "task_name: a\ntask_type: SQL\n": "DynamoDB would not accept it: add the key.",
    "task_idd: '1'\ntask_type: SQL\n": "DynamoDB would not accept it: rename task_idd to task_id.",
    '{"task_name": {"S": "a"}, "x": {"N": "1"}}': "DynamoDB would not accept it: add the key.",
}


@pytest.mark.parametrize("text", NO_KEY)
def test_a_row_alone_in_a_file_without_its_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mwaa_task" / "301.yaml"
    path.parent.mkdir()
    path.write_text(f"# ours\n{text}")
    _, [found], locations = read_tables(tmp_path)
    assert (found.message, found.hint) == ("item 1 of 301.yaml has no task_id", NO_KEY[text])
    place = locations.of_diagnostic(found)
    assert str(place) == f"{path}:2:1"
    with pytest.raises(RowsFileError, match=re.escape(f"{place}: {found.message}. {found.hint}")):
        read_table_file(path, "mwaa_task")
