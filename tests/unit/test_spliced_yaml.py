"""A changed row in a file that people wrote: nothing else in the file changes."""

from pathlib import Path
from typing import Any

import pytest

from dagc.row_files.export.spliced_yaml import RowEdit, Splice
from dagc.row_files.export.yaml_spans import NoSpliceError
from dagc.row_files.reading.json_text import as_live
from dagc.row_files.reading.read_tables import rows_in

FILE = """\
# The tasks.

- task_id: "1"   # the first
  task_name: 'load'  # a name
  # Its parameters:
  task_params:
    sql: |  # of sales
      SELECT 1

    # where
    database: dev
    hours: [1,  2]  # not three
    steps:
      - a  # one
      # before b
      - {b:   1}
  conf: !json {"a":  [1.0, "x"], b: {c: 1}}
  last: 1

# ---- second
- {task_id: 2, a: {b: 1}, c: "x y"}
"""
EDITS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a text": ({"task_name": "on"}, "'load'  #", '"on"  #'),
    "a text of lines": (
        {"task_name": "a\nb"},
        "'load'  # a name\n",
        "|-  # a name\n    a\n    b\n",
    ),
    "SQL": (
        {"task_params.sql": "SELECT 1\nFROM x"},
        "|  # of sales\n      SELECT 1\n",
        "|-  # of sales\n      SELECT 1\n      FROM x\n",
    ),
    "SQL of a line": (
        {"task_params.sql": "x"},
        "|  # of sales\n      SELECT 1\n",
        "x  # of sales\n",
    ),
    "a number": ({"last": 2.5}, "last: 1", "last: 2.5"),
    "an object": ({"last": {"b": [], "a": "y"}}, "last: 1", 'last:\n    a: "y"\n    b: []'),
    "in brackets": ({"task_params.hours": [1, "2"]}, "[1,  2]", '[1,  "2"]'),
    "more in brackets": ({"task_params.hours": [1, 2, 3]}, "[1,  2]", "[1, 2, 3]"),
    "in an entry": ({"task_params.steps": ["a", {"b": 2}]}, "{b:   1}", "{b:   2}"),
    "another entry": ({"task_params.steps": ["c", {"b": 1}]}, "- a  #", "- c  #"),
    "one entry more": (
        {"task_params.steps": ["a", {"b": 1}, {"b": 2, "c": []}]},
        "- {b:   1}\n",
        "- {b:   1}\n      - {b: 2, c: []}\n",
    ),
    "one entry before": (
        {"task_params.steps": ["z", "a", {"b": 1}]},
        "      - a",
        "      - z\n      - a",
    ),
    "one entry less": ({"task_params.steps": [{"b": 1}]}, "      - a  # one\n", ""),
    "no entry": (
        {"task_params.steps": []},
        "\n      - a  # one\n      # before b\n      - {b:   1}",
        " []",
    ),
    "a parameter more": (
        {"task_params.z": "1"},
        "      - {b:   1}\n",
        '      - {b:   1}\n    z: "1"\n',
    ),
    "a parameter less": ({"task_params.database": None}, "    database: dev\n", ""),
    "an attribute more": (
        {"z": {"a": "x\ny"}},
        "  last: 1\n",
        "  last: 1\n  z:\n    a: |-\n      x\n      y\n",
    ),
    "an attribute less": ({"last": None}, "  last: 1\n", ""),
    "in a JSON text": ({"conf": '{"a":[1.5,"x"],"b":{"c":1}}'}, "[1.0,", "[1.5,"),
    "a JSON text with more": (
        {"conf": '{"a": [1.0, "x"]}'},
        '!json {"a":  [1.0, "x"], b: {c: 1}}',
        "!json\n    a: [1.0, x]",
    ),
    "no JSON": ({"conf": "x"}, '!json {"a":  [1.0, "x"], b: {c: 1}}', "x"),
}


def _rows(text: str) -> list[dict[str, Any]]:
    path = Path("mwaa_task.yaml")
    return [*rows_in(text.encode(), path, "mwaa_task", Path(), lambda _: "").values()]


def _spliced(text: str, edits: list[RowEdit], *added: str) -> str:
    path = Path("mwaa_task.yaml")
    done, files = Splice(text, path, Path(), "mwaa_task", whole=False).done(edits, added)
    assert files == {}
    return done


def _changed(item: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    new = {**item, "task_params": dict(item["task_params"])}
    for name, value in changes.items():
        first, _, second = name.partition(".")
        place = new[first] if second else new
        place[second or first] = value
        if value is None:
            del place[second or first]
    return new


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("about", EDITS)
def test_only_what_differs_is_written_anew(about: str, end: str) -> None:
    changes, before, after = EDITS[about]
    old = _rows(FILE)[0]
    new = _changed(old, changes)
    assert FILE.count(before) == 1
    text = _spliced(FILE.replace("\n", end), [RowEdit((0, 0), old, new)])
    assert text == FILE.replace(before, after).replace("\n", end)
    assert as_live("mwaa_task", _rows(text)[0], new) == new


def test_a_row_in_braces() -> None:
    old = _rows(FILE)[1]
    text = _spliced(FILE, [RowEdit((0, 1), old, {**old, "c": "a: b"})])
    assert text == FILE.replace('"x y"', "'a: b'")
    text = _spliced(FILE, [RowEdit((0, 1), old, {"task_id": 2, "c": "a\nb"})])
    assert text == FILE[: FILE.index("- {task_id")] + "- task_id: 2\n  c: |-\n    a\n    b\n"


def test_rows_that_go_and_come() -> None:
    one, two = _rows(FILE)
    assert _spliced(FILE, [RowEdit((0, 1), two, None)]) == FILE[: FILE.index("- {task_id")]
    text = _spliced(FILE, [RowEdit((0, 0), one, {**one, "last": 5})], "- task_id: 3\n")
    assert text == FILE.replace("last: 1", "last: 5") + "\n- task_id: 3\n"


def test_a_row_that_is_a_file() -> None:
    text = "# one\ntask_id: 1\na: 2\n# end"
    edit = RowEdit((0,), {"task_id": 1, "a": 2}, {"task_id": 1, "a": 2, "b": 3})
    assert _spliced(text, [edit]) == "# one\ntask_id: 1\na: 2\nb: 3\n# end"
    assert _spliced("{task_id: 1, a: 2}", [edit]) == "task_id: 1\na: 2\nb: 3"


@pytest.mark.parametrize(
    ("text", "way"), [("Items:\n  - {task_id: 1}\n", (0, "Items", 0)), ("task_id: 1\n", (0,))]
)
def test_what_is_not_changed(text: str, way: tuple[Any, ...]) -> None:
    with pytest.raises(NoSpliceError):
        _spliced(text, [RowEdit(way, {"task_id": 1}, None)])
