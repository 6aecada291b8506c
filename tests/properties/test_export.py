"""Export, then plan: nothing to do. For rows of all that DynamoDB has, and any edit of them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dagc.cli.proposal import Proposal, ProposedChanges, proposed_changes, proposed_rows
from dagc.compiler import RowKey, row_key
from dagc.row_files.export.export import Export, export_rows
from dagc.row_files.export.row_file_names import Layout
from dagc.row_files.export.write_files import remove_files, write_file
from dagc.row_files.export.yaml_text import as_entry
from dagc.row_files.reading.read_tables import read_tables
from tests.properties.live_rows import live_tasks

Live = Mapping[RowKey, Mapping[str, Any]]

NAMES = [
    "1", "2", "10", "a", "A", "ä", "Ä", "a\u0308", "a/b", "a\\b", "..", ".", "../x", "con",
    "CON.txt", "nul", "a b", "订单", "🙂", "a:b", "a*?", "x" * 300, "X" * 300, "ж" * 200, "a.",
    ".a", "~", "%41", "a%2Fb", "manifest-files", "1.1", "1.sql", "line\nbreak", "\x00", "-",
    "#", "é", "नि", "mwaa_task", "İ", "ß", "SS",
]  # fmt: skip
KEYS = st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
NUMBERS = st.integers(-10, 10**20)
WORLDS = st.dictionaries(KEYS.filter(str.strip) | NUMBERS, live_tasks(st.just("")), max_size=4).map(
    lambda by_id: _live([item | {"task_id": id_} for id_, item in by_id.items()])
)


def _live(items: list[dict[str, Any]]) -> Live:
    return {row_key("mwaa_task", item): item for item in items}


@given(
    WORLDS,
    WORLDS,
    st.sampled_from(Layout),
    st.sampled_from(Layout),
    st.sampled_from(["inline", "files"]),
)
@example(_live([{"task_id": id_} for id_ in NAMES]), {}, Layout.ROWS, Layout.ROWS, "inline")
def test_the_folder_holds_what_is_live(
    one: Live, two: Live, layout: Layout, then: Layout, sql: str
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for live, where in ((one, layout), ({**one, **two}, then), (two, then)):
            export = _exported(folder, live, where, sql=sql)
            assert not export.typed
            assert not export.stuck
            assert _planned(folder, live) == ProposedChanges((), ())
            assert not _exported(folder, live, where, sql=sql).files


TEXTS = {"a": "SELECT 1", "b": "SELECT 2\nFROM b", "1": "SELECT 3"}
STATEMENTS = st.sampled_from([*TEXTS.values(), "SELECT 4", "SELECT 5\nFROM c"])
SQL = st.sampled_from(sorted(TEXTS)) | st.lists(st.sampled_from(sorted(TEXTS)), min_size=1)
ROW = """\
# about {id}
task_id: "{id}"
task_name: name  # the name of {id}
# before the SQL of {id}
task_params: {json}
  sql: {sql}
  # below the SQL of {id}
  database: dev  # where {id} runs
# end of {id}
"""


def _row(id_: str, names: str | list[str], form: str, *, below: str) -> str:
    """A row as somebody wrote it, who named files of SQL, some of them in several rows."""
    lines = [f"\n    - !file {below}{name}.sql" for name in names]
    sql = f"!file {below}{names}.sql" if isinstance(names, str) else "".join(lines)
    return ROW.format(id=id_, sql=sql, json=form)


@given(
    st.lists(st.tuples(SQL, st.sampled_from(["", "!json"])), min_size=1, max_size=4),
    st.booleans(),
    st.data(),
)
def test_rows_that_share_sql(
    rows: list[tuple[str | list[str], str]],
    alone: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in TEXTS.items():
            write_file(folder / "mwaa_task" / f"{file}.sql", f"{text}\n".encode())
        below = "" if alone else "mwaa_task/"
        texts = {f"{n}": _row(f"{n}", *row, below=below) for n, row in enumerate(rows, start=1)}
        for id_, text in texts.items() if alone else ():
            write_file(folder / "mwaa_task" / f"{id_}.yaml", text.encode())
        if not alone:
            entries = "".join(map(_entry, texts.values()))
            write_file(folder / "mwaa_task.yaml", entries.encode())
        before = read_tables(folder).tables["mwaa_task"]
        assert not _exported(folder, _live(before), Layout.ROWS, sql="files").files
        for _ in range(2):
            live = _live([_edited(row, data.draw) for row in before if data.draw(st.booleans())])
            live = live or _live(before)
            export = _exported(folder, live, Layout.ROWS, sql="files")
            assert not export.stuck
            assert _planned(folder, live) == ProposedChanges((), ())
            assert not _exported(folder, live, Layout.ROWS, sql="files").files
            written = "".join(path.read_text() for path in folder.rglob("*.yaml"))
            before = [dict(item) for item in live.values()]
            for row in before:
                for comment in COMMENTS:
                    assert f"# {comment} {row['task_id']}\n" in written


def _entry(row: str) -> str:
    comment, _, text = row.partition("\n")
    return f"{comment}\n{as_entry(text)}"


COMMENTS = ["about", "the name of", "before the SQL of", "end of"]


def _edited(row: dict[str, Any], draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """The row as it is, or with another name, and other SQL."""
    params = row["task_params"]
    if draw(st.booleans()):
        return row
    sql = draw(STATEMENTS | st.lists(STATEMENTS, min_size=1, max_size=3))
    changed = {"sql": sql, "database": "dev"}
    text: Any = json.dumps(changed) if isinstance(params, str) else changed
    return {**row, "task_name": draw(st.sampled_from(["name", "other"])), "task_params": text}


def _exported(folder: Path, live: Live, layout: Layout, *, sql: str) -> Export:
    parameters = dict.fromkeys(live, "sql") if sql == "files" else {}
    export = export_rows(folder, live, layout=layout, sql_parameters=parameters, prune=True)
    for path, content in export.files.items():
        assert path.resolve().is_relative_to(folder.resolve())
        write_file(path, content)
    remove_files(export.removed, folder)
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert len({name.casefold() for name in names}) == len(names)
    return export


def _planned(folder: Path, live: Live) -> ProposedChanges:
    """What `dagc plan` would change."""
    if not any(folder.iterdir()):
        return proposed_changes(Proposal({}), live, delete_missing=False)
    found = proposed_changes(proposed_rows(folder, (), ()), live, delete_missing=False)
    return found._replace(locations=None, diagnostics=tuple(found.diagnostics))
