"""Where a row stands: file, line and column of it, of an attribute, and of what is in that."""

import gzip
import json
from pathlib import Path

import pytest

from dagc.compiler import Code, Problem, RowKey
from dagc.row_files.reading.locations import NOWHERE
from dagc.row_files.reading.placed_text import Location
from dagc.row_files.reading.read_tables import read_tables

TASK_1 = RowKey("mwaa_task", (("task_id", "1"),))

YAML = """\
# tasks
- task_id: "0"
- task_id: 1
  task_params:
    sql:
      - DELETE
      - |
        SELECT 1

          AS "a"
    "b c": {d: "x\\ty", 2: 'z'}
    folded: >
      a
      b
  shop: !json
    orders: [1, {"x": 2}]
  task_text: |
    {"sql":
      ["a", "\\u00e4b\\nc"]}
  inner: '{"a": {"b": 1}}'
"""


def _folder(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


PLACES: dict[tuple[str, str], tuple[int, int]] = {
    ("", ""): (3, 3),
    ("task_id", ""): (3, 3),
    ("task_params", ""): (4, 3),
    ("task_params", "$.sql"): (5, 5),
    ("task_params", "$.sql[1]"): (7, 9),
    ("task_params", "$['b c']"): (11, 5),
    ("task_params", "$['b c'].d"): (11, 13),
    ("task_params", "$['b c']['2']"): (11, 24),
    ("task_params", "$.missing.deeper"): (4, 3),
    ("task_params", "$.sql[7]"): (5, 5),
    ("missing", "$.a"): (3, 3),
    ("shop", "$.orders[1].x"): (16, 18),
    ("task_text", "$.sql"): (18, 6),
    ("task_text", "$.sql[1]"): (19, 13),
    ("inner", "$.a.b"): (20, 18),
}
TEXTS: dict[tuple[str, str, int, int], tuple[int, int]] = {
    ("task_params", "$.sql[0]", 1, 3): (6, 11),
    ("task_params", "$.sql[1]", 1, 1): (8, 9),
    ("task_params", "$.sql[1]", 2, 1): (9, 1),
    ("task_params", "$.sql[1]", 3, 3): (10, 11),
    ("task_params", "$.sql[1]", 9, 9): (11, 1),
    ("task_params", "$['b c'].d", 1, 3): (11, 20),
    ("task_params", "$['b c']['2']", 1, 1): (11, 28),
    ("task_params", "$.folded", 1, 3): (12, 13),
    ("task_params", "$.sql", 1, 1): (5, 5),
    ("task_params", "$.missing", 5, 5): (4, 3),
    ("task_text", "", 2, 3): (19, 7),
    ("task_text", "$.sql[1]", 1, 2): (19, 20),
    ("task_text", "$.sql[1]", 2, 1): (19, 23),
}


def test_in_yaml(tmp_path: Path) -> None:
    found = read_tables(_folder(tmp_path, {"mwaa_task.yaml": YAML})).locations
    path = tmp_path / "mwaa_task.yaml"
    assert {place: found.of(TASK_1, *place) for place in PLACES} == {
        place: (path, *wanted) for place, wanted in PLACES.items()
    }
    assert {place: found.in_text(TASK_1, *place) for place in TEXTS} == {
        place: (path, *wanted) for place, wanted in TEXTS.items()
    }


def test_a_file_beside_the_row(tmp_path: Path) -> None:
    row = "task_id: 1\ntask_params:\n  sql: !file sql/1.sql\n"
    sql = "SELECT 1\r\nFROM x\r\n"
    files: dict[str, str | bytes] = {"mwaa_task/a/1.yaml": row, "mwaa_task/a/sql/1.sql": sql}
    tables, _, found = read_tables(_folder(tmp_path, files))
    assert tables["mwaa_task"][0]["task_params"] == {"sql": "SELECT 1\nFROM x"}
    folder = tmp_path / "mwaa_task" / "a"
    assert found.of(TASK_1, "task_params", "$.sql") == (folder / "1.yaml", 3, 3)
    assert found.in_text(TASK_1, "task_params", "$.sql", 2, 6) == (folder / "sql/1.sql", 2, 6)


ITEM = {"task_id": {"S": "1"}, "task_params": {"M": {"sql": {"L": [{"S": "a"}, {"S": "b\nc"}]}}}}
PLAIN = {"task_id": 1, "task_params": {"sql": ["a", "b\nc"]}}
TEXT = {"task_id": 1, "task_params": '{"sql": ["a", "b\\nc"]}'}
LINES = f"{json.dumps({'task_id': '0'})}\n\n{json.dumps(PLAIN)}\n"
EXPORT = gzip.compress(f"\n{json.dumps({'Item': ITEM})}".encode())
JSON: dict[str, tuple[str, str | bytes, str]] = {
    "list": ("mwaa_task.json", json.dumps([{}, PLAIN], indent=1), '"b\\nc"'),
    "lines": ("mwaa_task.jsonl", LINES, '"b\\nc"'),
    "scan": ("mwaa_task.json", json.dumps({"Items": [ITEM]}), '{"S": "b\\nc"}'),
    "scan in YAML": ("mwaa_task.yaml", json.dumps({"Items": [ITEM]}), '{"S": "b\\nc"}'),
    "export": ("mwaa_task/data/x.json.gz", EXPORT, '{"S": "b\\nc"}'),
    "a JSON text": ("mwaa_task.json", json.dumps([TEXT]), '\\"b\\\\nc\\"'),
}


@pytest.mark.parametrize("about", JSON)
def test_in_json(tmp_path: Path, about: str) -> None:
    name, content, wanted = JSON[about]
    found = read_tables(_folder(tmp_path, {name: content})).locations
    text = gzip.decompress(content).decode() if isinstance(content, bytes) else content
    entry = found.of(TASK_1, "task_params", "$.sql[1]")
    assert _behind(text, entry).startswith(wanted)
    inner = found.in_text(TASK_1, "task_params", "$.sql[1]", 2, 1)
    assert _behind(text, inner) == "c" + _behind(text, entry).partition("nc")[2]


def _behind(text: str, place: Location | None) -> str:
    assert place is not None
    return text.splitlines()[place.line - 1][place.column - 1 :]


def test_characters_beyond_the_first_plane(tmp_path: Path) -> None:
    text = '[{"task_id": "1", "a": "\\ud83d\\ude00b😀\\tc"}]'
    found = read_tables(_folder(tmp_path, {"mwaa_task.json": text})).locations
    columns = [found.in_text(TASK_1, "a", "", 1, column) for column in (1, 2, 3, 4, 5)]
    assert [place and place.column for place in columns] == [25, 37, 38, 39, 41]


def test_what_is_merged(tmp_path: Path) -> None:
    text = "- &base {task_id: 0, a: {b: 1}}\n- <<: *base\n  task_id: 1\n"
    found = read_tables(_folder(tmp_path, {"mwaa_task.yaml": text})).locations
    assert found.of(TASK_1, "a", "$.b") == (tmp_path / "mwaa_task.yaml", 1, 26)
    assert found.of(TASK_1, "task_id") == (tmp_path / "mwaa_task.yaml", 3, 3)


def test_a_row_of_no_file(tmp_path: Path) -> None:
    found = read_tables(_folder(tmp_path, {"mwaa_task.yaml": "[]"})).locations
    for locations in (found, NOWHERE):
        assert locations.of(TASK_1) is None
        assert locations.in_text(TASK_1, "a", "", 1, 1) is None
        problem = Problem(Code.BAD_NAME, "", "")
        assert locations.of_diagnostic(problem.at(TASK_1, "a")) is None


def test_a_file_that_has_changed_since(tmp_path: Path) -> None:
    path = _folder(tmp_path, {"mwaa_task.yaml": YAML}) / "mwaa_task.yaml"
    for content in ("[]", "{", "- 5\n- 6"):
        found = read_tables(_folder(tmp_path, {"mwaa_task.yaml": YAML})).locations
        path.write_text(content)
        place = found.of(TASK_1, "task_params")
        assert place is not None
        assert place.file == path
    found = read_tables(_folder(tmp_path, {"mwaa_task.yaml": YAML})).locations
    path.unlink()
    assert found.in_text(TASK_1, "task_params", "$.sql[1]", 2, 1) == (path, 1, 1)


def test_rows_that_have_no_place_of_their_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "mwaa_task.yaml": "- {task_id: 1}\n- {}\n- {task_id: ''}\n",
        "mwaa_task/a/1.yaml": "# again\ntask_id: 1\n",
    }
    _, diagnostics, found = read_tables(_folder(tmp_path, files))
    table, row = tmp_path / "mwaa_task.yaml", tmp_path / "mwaa_task" / "a" / "1.yaml"
    assert [found.of_diagnostic(diagnostic) for diagnostic in diagnostics] == [
        (table, 1, 3), (table, 2, 3), (table, 3, 4),
    ]  # fmt: skip
    assert diagnostics[0].message == f"the key stands twice: {row}:2:1 and {table}:1:3"
