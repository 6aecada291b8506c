"""A row that people wrote in whatever form, changed in any way: the rest of its file stays."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.aws.dynamodb_json import item_text
from dagc.compiler import row_key
from dagc.row_files.export.export import export_rows
from dagc.row_files.export.row_file_names import Layout
from dagc.row_files.export.yaml_text import indented
from dagc.row_files.reading.json_text import as_live
from dagc.row_files.reading.read_tables import read_tables
from tests.properties.live_rows import VALUES

BEFORE = "# tasks\n- task_id: 1  # one\n  a: 'x'   \n\n# about two\n"
AFTER = "\n\n  # indented\n# about three\n- {task_id: 3, a: [ 1,2 ]} # three\n# end\n"
ROWS = [
    "task_id: 2\na: 1\nb:\n  c: d\n  e:\n  - f\n  - - g\n    # h\n    - i\n  j: {k: l, m: [n]}",
    'task_id: 2  # two\n"a" : plain text\n  of lines\nb: "double\n  \\\n  quoted"\nc: \'single\'',
    "task_id: 2\na: |  # head\n  one\n  # text\n\n  two\n\n# c\nb: >-\n  folded\n  text\nc:\nd: ~",
    "task_id: 2\na: &x {b: 1}\nc: *x\nd: [*x, 2]",
    "task_id: 2\na: &x\n  b: 1\nc:\n  <<: *x\n  d: 2",
    "? task_id\n: 2\n? a\n: - 1\n  - 2\nb: !json\n  c: [1.0, {d: e}]\n  f: |\n    g\n    h",
    "task_id: 2\na: !json {b: [1, 2], c: 'd'}\ne: !set [f, g]\nh: !number '1'\ni: !!binary AQ==",
    "{task_id: 2, a: [1, 2, {b: c}], d: 'e', f: {g: h},\n  i: j}",
    "task_id: 2\na:\n- b: c\n  d: e\n\n- f\n-\n  g: h\nzz: |2\n   indented\n  text",
    "a: first\ntask_id: 2\nb: []\nc: {}\nd: ''",
]

ENTRIES = st.text("abc: #-\n'", max_size=6) | VALUES


def _edited(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> Any:
    """`value` with something in it another one, one more, or one less."""
    if isinstance(value, dict) and draw(st.booleans()):
        name = draw(st.sampled_from([*value, "new", "x y"]))
        if name in value and draw(st.integers(0, 3)) == 0:
            return {key: entry for key, entry in value.items() if key != name}
        return {**value, name: _edited(draw, value.get(name))}
    if isinstance(value, list) and draw(st.booleans()):
        index = draw(st.integers(0, len(value)))
        put = [] if draw(st.booleans()) else [_edited(draw, (value[index:] or [None])[0])]
        return [*value[:index], *put, *value[index + draw(st.integers(0, 1)) :]]
    return draw(ENTRIES)


@given(st.data(), st.sampled_from(ROWS), st.booleans())
def test_what_is_around_a_changed_row_stays(data: st.DataObject, row: str, crlf: bool) -> None:  # noqa: FBT001
    text = f"{BEFORE}- {indented(row, 2).lstrip(' ')}{AFTER}"
    text = text.replace("\n", "\r\n") if crlf else text
    with TemporaryDirectory() as name:
        path = Path(name) / "mwaa_task.yaml"
        path.write_bytes(text.encode())
        live = {row_key("mwaa_task", item): item for item in _items(path)}
        key, item = [*live.items()][1]
        for _ in range(data.draw(st.integers(1, 2))):
            edited = _edited(data.draw, item)
            item = edited | {"task_id": 2} if isinstance(edited, dict) else item
        live[key] = item
        export = export_rows(path.parent, live, layout=Layout.ROWS, sql_parameters={}, prune=False)
        assert not export.stuck
        for file, content in export.files.items():
            file.write_bytes(content)
        changed = path.read_bytes().decode().replace("\r\n", "\n")
        assert changed.startswith(BEFORE)
        assert changed.endswith(AFTER)
        found = [
            as_live("mwaa_task", it, old)
            for it, old in zip(_items(path), live.values(), strict=True)
        ]
        assert [*map(item_text, found)] == [*map(item_text, live.values())]


def _items(path: Path) -> list[dict[str, Any]]:
    return [dict(item) for item in read_tables(path.parent).tables["mwaa_task"]]
