"""Tags in files of rows: what they read as, and what is said of a wrong one."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dagc.compiler import UnreadableTextError, load_plain
from dagc.row_files.reading.json_text import JsonText, as_live
from dagc.row_files.reading.read_tables import read_tables
from dagc.row_files.reading.row_documents import RowsFileError

TAGGED: dict[str, Any] = {
    "!json {b: [1, 1.0, -0, 1e5, .5, true, null, ~], a: yes}": (
        '{"b": [1, 1.0, -0, 1e5, 0.5, true, null, null], "a": "yes"}'
    ),
    "!json [ä😀]": '["ä😀"]',
    '!json ["\\u0000\\x85\\"\\\\/"]': '["\\u0000\x85\\"\\\\/"]',
    "!json {}": "{}",
    "!json text": '"text"',
    "!json '5'": '"5"',
    "!json 5.0": "5.0",
    "!json": "null",
    "!json {1: 2, !!str 3: !!str 4}": '{"1": 2, "3": "4"}',
    "!json {a: !json {b: 1}}": '{"a": "{\\"b\\": 1}"}',
    "!json {a: !file x.sql}": '{"a": "SELECT \'ä\'\\nFROM x"}',
    "!json {a: !number 1e-200}": '{"a": 1e-200}',
    "!json {<<: {a: 1.0, b: 1}, b: 2}": '{"a": 1.0, "b": 2}',
    "!file x.sql": "SELECT 'ä'\nFROM x",
    "!file ./below/y.sql": "one\n",
    "!file empty.sql": "",
    "!set [b, a, b]": frozenset("ab"),
    "!set [1, 2.5, 1.0, !number '1e-200']": frozenset([1, 2.5, 1e-200]),
    "!set [!!binary AQ==, !!binary Ag==]": frozenset([b"\1", b"\2"]),
    "!number '1.0'": 1,
    "!number -0.12345678901234567890123456789": Decimal("-0.12345678901234567890123456789"),
    "!number '1e25'": 10**25,
    "!!binary AQI=": b"\1\2",
}
FILES: dict[str, str | bytes] = {
    "x.sql": "\ufeffSELECT 'ä'\r\nFROM x\r\n",
    "below/y.sql": "one\n\n",
    "empty.sql": "",
    "latin.sql": b"\xe4",
}


def _read(folder: Path, value: str) -> Any:
    (folder / "rows" / "mwaa_task" / "below").mkdir(parents=True)
    (folder / "outside.sql").write_text("x")
    for name, content in FILES.items():
        path = folder / "rows" / "mwaa_task" / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    row = folder / "rows" / "mwaa_task" / "1.yaml"
    row.write_text(f"task_id: 1\na:\n  b: {value}\n", encoding="utf-8")
    return read_tables(folder / "rows").tables["mwaa_task"][0]["a"]["b"]


@pytest.mark.parametrize("text", TAGGED)
def test_it_reads_as(tmp_path: Path, text: str) -> None:
    value = _read(tmp_path, text)
    assert value == TAGGED[text]
    assert isinstance(value, type(TAGGED[text]))
    assert isinstance(value, JsonText) is text.startswith("!json")


WRONG = {
    "!json {a: !set [b]}": "line 3: !json: it has what JSON has not.",
    "!json [.inf]": "line 3: !json: inf is no number of JSON.",
    "!json {a: 1, a: 2}": "line 3: the key 'a' stands twice",
    "!json {a: !!binary AQ==}": "line 3: !json: it has what JSON has not.",
    "!set {a: b}": "line 3: !set: no list. Write a list: !set [a, b].",
    "!set []": "line 3: !set: a set of DynamoDB has",
    "!set [a, 1]": "line 3: !set: a set of DynamoDB has",
    "!set [[a]]": "line 3: !set: a set of DynamoDB has",
    "!set [true]": "line 3: !set: a set of DynamoDB has",
    "!number one": "line 3: !number: 'one' is no number of DynamoDB. Write it so:",
    "!number [1]": "line 3: !number: '' is no number of DynamoDB.",
    "!josn {a: 1}": "line 3: YAML takes what begins with ! for a tag, and there is no tag !josn.",
    "!file none.sql": "none.sql: no such file or directory. Write the file,",
    "!file below": "below: is a directory.",
    "!file latin.sql": "latin.sql, line 1: the byte 0xE4 is not UTF-8. Save the file as UTF-8.",
    "!file ../../outside.sql": "line 3: !file '../../outside.sql': there is no such file in the",
    "!file /etc/passwd": "line 3: !file '/etc/passwd': there is no such file in the folder",
    "!file": "line 3: !file '': there is no such file in the folder",
    "!file [a]": "line 3: !file '': there is no such file in the folder",
    '!file "a\\0b"': "line 3: !file 'a\\x00b': there is no such file in the folder",
    '!file "\\ud800"': "line 3: !file '\\ud800': there is no such file in the folder",
    f"!file {'x' * 300}": "file name too long. Write the file",
    "!!binary é": "line 3: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(RowsFileError) as raised:
        _read(tmp_path, text)
    assert WRONG[text] in str(raised.value)
    assert str(raised.value).startswith(f"{tmp_path / 'rows' / 'mwaa_task' / '1.yaml'}, line 3: ")
    assert "\n" not in str(raised.value)


def test_a_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "rows" / "mwaa_task").mkdir(parents=True)
    (tmp_path / "rows" / "mwaa_task" / "x").symlink_to("/etc/hostname")
    (tmp_path / "rows" / "mwaa_task.yaml").write_text("- {task_id: 1, a: !file mwaa_task/x}")
    with pytest.raises(RowsFileError, match="there is no such file in the folder"):
        read_tables(tmp_path / "rows")


def test_other_files_have_no_tags() -> None:
    with pytest.raises(UnreadableTextError, match="begins with !"):
        load_plain(b"a: !json {}")


LIVE: dict[str, tuple[Any, Any, bool]] = {
    "blanks": (JsonText('{"a": [1, "ä"]}'), '{\n "a":[1,"\\u00e4"] }', True),
    "order": (JsonText('{"a": 1, "b": 2}'), '{"b":2,"a":1}', True),
    "another number": (JsonText("[1]"), "[2]", False),
    "another form of a number": (JsonText("[1]"), "[1.0]", False),
    "another exponent": (JsonText("[1e5]"), "[1E5]", False),
    "a boolean": (JsonText("[1]"), "[true]", False),
    "a text": (JsonText("[1]"), '["1"]', False),
    "a key twice": (JsonText('{"a": 1}'), '{"a": 1, "a": 1}', False),
    "no JSON": (JsonText("[1]"), "[1", False),
    "no number": (JsonText("[1]"), "[NaN]", False),
    "too deep": (JsonText("[1]"), "[" * 100_000, False),
    "no text": (JsonText("[1]"), [1], False),
    "none": (JsonText("[1]"), None, False),
    "an ordinary text": ('{"a": 1}', '{"a":1}', False),
    "in a map": ({"x": [0, JsonText("[1]")]}, {"x": [0, "[ 1 ]"]}, True),
    "in a shorter list": ([JsonText("[1]"), JsonText("[2]")], ["[1]"], False),
}


@pytest.mark.parametrize("about", LIVE)
def test_only_the_form_of_json_is_taken_from_what_is_live(about: str) -> None:
    value, live, same = LIVE[about]
    item = {"task_id": "1", "a": value, "new": 5}
    taken = as_live("mwaa_task", item, {"task_id": "1", "a": live, "old": 5})
    assert taken == {"task_id": "1", "a": live if same else value, "new": 5}


@pytest.mark.parametrize(
    ("id_", "live", "taken"), [("1", 1, 1), (1, "1", "1"), ("01", 1, "01"), ("1", True, "1")]
)
def test_a_key_has_the_type_that_it_has_in_the_table(id_: Any, live: Any, taken: Any) -> None:
    key = as_live("mwaa_task", {"task_id": id_, "job_id": id_}, {"task_id": live, "job_id": live})
    assert repr(key) == repr({"task_id": taken, "job_id": id_})
