"""Export, then plan: nothing to do. For rows of all that DynamoDB has, and any edit of them."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dagc.cli.proposal import Proposal, Wanted, proposal, wanted_rows
from dagc.compiler import RowKey, row_key
from dagc.row_files.export.export import Export, export_rows
from dagc.row_files.export.row_file_names import Layout
from dagc.row_files.export.write_files import remove_files, write_file
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
            assert _planned(folder, live) == Proposal((), ())
            assert not _exported(folder, live, where, sql=sql).files


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


def _planned(folder: Path, live: Live) -> Proposal:
    """What `dagc plan` would change."""
    if not any(folder.iterdir()):
        return proposal(Wanted({}), live, delete_missing=False)
    found = proposal(wanted_rows(folder, (), ()), live, delete_missing=False)
    return found._replace(locations=None, diagnostics=tuple(found.diagnostics))
