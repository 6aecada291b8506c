"""YAML as people write it: what reads as it was meant, and what a mistake's message says."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler import UnreadableTextError, load_plain, load_plain_documents
from dagc.compiler.catalog import yaml_loader
from dagc.row_files.reading.read_tables import read_tables
from dagc.row_files.reading.row_documents import RowsFileError

AS_WRITTEN: dict[str, Any] = {
    "yes": "yes", "No": "No", "on": "on", "off": "off", "y": "y",
    "1:30": "1:30", "12:30:45": "12:30:45",
    "0123": "0123", "00": "00", "0x1F": "0x1F", "0o17": "0o17", "1_000": "1_000", "=": "=",
    "2024-01-31": "2024-01-31", "0 3 * * *": "0 3 * * *", "1.2.3": "1.2.3", "1e3": 1000, "0": 0,
    "-5": -5, "1.0": 1, "0.5": 0.5, "true": True, "False": False, "null": None, "~": None, "": None,
}  # fmt: skip
"""What stands behind a colon, without quotes, and what it is."""


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_is_written_is_read(text: str) -> None:
    value = load_plain(f"a: {text}".encode())["a"]
    assert value == AS_WRITTEN[text]
    assert type(value) is type(AS_WRITTEN[text])


SLIPS: dict[str, tuple[str, int, str, str, str]] = {
    "cron": ("- a: 1\n  b: */5 * * * *\n", 2, "begins with *", "*/5 * * * *", "'*/5 * * * *'"),
    "cron of stars": ("- a: * * * * *\n", 1, "begins with *", "* * * * *", "'* * * * *'"),
    "cron in braces": ("- {b: */5 * * * *, a: 1}\n", 1, "begins with *", "*/5 * * * *", "'*/5'"),
    "a star and a word": ("- a: *abc\n", 1, "begins with *", "*abc", "'*abc'"),
    "a preset": ("- a: 1\n  b: @daily\n", 2, "begins with @", "@daily", "'@daily'"),
    "a preset in braces": ("- {b: @daily}\n", 1, "begins with @", "@daily", "'@daily'"),
    "Jinja": ("- a: {{ ds }}\n", 1, "begins with Jinja", "{{ ds }}", "'{{ ds }}'"),
    "Jinja and more": ("- a: {{ ds }}/x\n  b: 1\n", 1, "begins with Jinja", "{{ ds }}/x", "'x'"),
    "Jinja with a call": ("- a: {{ f(1) }}\n", 1, "begins with Jinja", "{{ f(1) }}", "'x'"),
    "a statement of Jinja": ("- a: {% if x %}\n", 1, "begins with Jinja", "{% if x %}", "'x'"),
    "a percent sign": ("- a: %x\n", 1, "begins with %", "%x", "'%x'"),
    "a tag": ("- a: !Ref x\n", 1, "begins with !", "!Ref x", "'!Ref x'"),
    "a tab": ("- a: 1\n\tb: 2\n", 2, "a tab", "\tb", "  b"),
    "a tab before a value": ("a:\n\t- 1\n", 2, "a tab", "\t-", "  -"),
    "a key twice": ("- tag: 1\n  tag: 3\n", 2, "twice, first in line 1", "tag: 3", "c: 3"),
    "no blank": ("- a:1\n  b: 2\n", 1, "behind the colon of 'a'", "a:1", "a: 1"),
    "no blank further down": ("- b: 2\n  a:1\n  c: 1\n", 2, "colon of 'a'", "a:1", "a: 1"),
    "no blank at the end": ("- b: 2\n  a:1\n", 2, "colon of 'a'", "a:1", "a: 1"),
    "a colon in a text": ("- a: load: all\n", 1, "': ' in it", "load: all", "'load: all'"),
    "too far in": ("- a: 1\n   b: 2\n", 2, "indented otherwise", "   b", "  b"),
    "too far out": ("- a: 1\n b: 2\n", 2, "indented otherwise", " b", "  b"),
    "a list too far out": ("a:\n    - 1\n  - 2\n", 3, "indented otherwise", "  - 2", "    - 2"),
    "an open quote": ("- a: 'x\n- b: 1\n", 1, "quote that is opened", "'x", "'x'"),
    "an open bracket": ("a: [1, 2\nb: 1\n", 1, "[ that is opened", "2\n", "2]\n"),
    "an open brace": ("- {a: 1\n- {b: 2}\n", 1, "{ that is opened", "1\n", "1}\n"),
    "more behind a quote": ("- a: 'x' y\n", 1, "behind a closing quote", "'x' y", "'x y'"),
    "a control character": ("- a: 1\n- a: \x01\n", 2, "U+0001", "\x01", ""),
    "thousands of digits": (f"- a: {'1' * 5000}\n", 1, "5,000 digits", "1" * 5000, "1"),
    "an alias that holds itself": (
        "a: &x\n  b: 1\n  c: [*x]\n", 1, "an alias (*) within what", "*x", "x",
    ),
    "a tag of YAML for something else": ("a: !!bool x\n", 1, "the tag !!bool", "!!bool ", ""),
    "a set of YAML": ("a: !!set x\n", 1, "mapping", "!!set ", ""),
}  # fmt: skip
"""A file, the line that is wrong, what the message says, and what to write in whose place."""


@pytest.mark.parametrize("about", SLIPS)
def test_a_slip_is_explained(about: str) -> None:
    text, line, words, wrong, right = SLIPS[about]
    with pytest.raises(UnreadableTextError) as raised:
        load_plain(text.encode())
    assert words in raised.value.message
    assert raised.value.line == line
    assert raised.value.hint
    assert load_plain(text.replace(wrong, right, 1).encode())


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load_plain("\ufeffa: ä".encode()) == {"a": "ä"}
    (tmp_path / "mwaa_task.json").write_text('\ufeff[{"task_id": "1"}]', "utf-8")
    assert read_tables(tmp_path).tables["mwaa_task"] == [{"task_id": "1"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [("- ä".encode("latin-1"), "0xE4 is not UTF-8"), ("- ä".encode("utf-16"), "UTF-16")],
)
def test_a_file_that_is_not_utf_8(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTextError, match=words):
        load_plain(content)


def test_a_file_of_rows_says_its_name_and_line(tmp_path: Path) -> None:
    path = tmp_path / "mwaa_scheduler.yaml"
    path.write_text("- schedule_id: 1\n  schedule_params: {schedule_interval: */5 * * * *}\n")
    with pytest.raises(RowsFileError) as raised:
        read_tables(tmp_path)
    assert str(raised.value) == (
        f"{path}, line 2: a text that begins with *, without quotes: "
        'YAML takes it for a reference. Put the whole text in quotes: "…".'
    )


def test_a_line_of_json_lines_is_named(tmp_path: Path) -> None:
    (tmp_path / "mwaa_task.jsonl").write_text('{"task_id": 1}\n\n{"task_id" 2}\n')
    with pytest.raises(RowsFileError, match=r"jsonl: not JSON: .* at line 3, column 12"):
        read_tables(tmp_path)


def test_the_deployed_functions_do_not_import_yaml() -> None:
    modules = "dagc.compiler, dagc.apply.edits, dagc.apply.rebuild"
    code = f"import sys, {modules}; print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


YAML = """\
# comment
- task_id: "1"  # one
  list: [a, 1, 1.50, {b: ~}, 'c', "d\\n"]
  block: |-
    SELECT 1

    FROM x
  folded: >
    a
    b
  other: &x {a: yes, 2: 0123}
- <<: *x
  a: !!binary AQ==
  f: 1e400
"""
PARTS = [
    "\n", "  ", "- ", ": ", " #", "'", '"', "[", "]", "{", "}", ", ", "|", ">", "&x ", "*x",
    "\t", "? ", "---\n", "...\n", "%YAML 1.1\n", "\ufeff", "\u2028", "\x85", "é",
    "\\x41", "@", "`", "=", "!!set ", "!!bool ", "|2\n", "\r\n",
    "!!str ", "🙂", "<<: ", "1", "-", "%", "{% if x -%}", "\n%", "\r%", "\x85%", "\u2028%",
    "!", " !x ", "if ! y", "&x !y,z ", "?", "a?b", "{a?: [b?]}", "'?'", "why? [",
]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, len(YAML)), st.integers(0, 2), st.sampled_from(PARTS))))
def test_libyaml_reads_what_pyyaml_reads(edits: list[tuple[int, int, str]]) -> None:
    text = YAML
    for start, length, put in edits[:3]:
        text = f"{text[:start]}{put}{text[start + length :]}"
    found = [_read(text)]
    with patch.object(yaml_loader, "is_fast", lambda _: False):
        found += [_read(text)]
    assert found[0] == found[1]


def test_sql_with_jinja_is_read_fast() -> None:
    assert yaml_loader.is_fast("sql: |\n  {% if params.full -%}\n  SELECT '5 %'\n  {%- endif %}\n")
    assert not yaml_loader.is_fast("%YAML 1.1\n---\na: 1\n")


def test_what_a_shell_says_and_what_asks_is_read_fast() -> None:
    assert yaml_loader.is_fast(
        "bash_command: |\n  if ! test -e x[0-9]?; then exit 1; fi\nlist: [a]\n"
    )
    assert not yaml_loader.is_fast("a: !b,c d\n")
    assert not yaml_loader.is_fast("a: [b?]\n")


def _read(text: str) -> str:
    try:
        return repr(load_plain_documents(text.encode()))
    except UnreadableTextError as error:
        return repr((error.line, error.message, error.hint))
