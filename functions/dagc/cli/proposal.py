"""The rows that somebody wants: a folder of them, or single ones; against those that there are."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dagc.aws.row_writes import is_same
from dagc.changes.kinds.word_lists import counted
from dagc.changes.row_change import RowChange
from dagc.cli.progress import progress
from dagc.cli.refusal import refuse, without_dot
from dagc.cli.row_names import named_row, row_name
from dagc.cli.row_source import say_unread
from dagc.compiler import Diagnostic, Item, RowKey, row_key
from dagc.row_files.reading.json_text import as_live
from dagc.row_files.reading.locations import Locations
from dagc.row_files.reading.read_tables import read_table_file, read_tables
from dagc.row_files.reading.row_documents import RowsFileError


class Proposal(NamedTuple):
    """The rows that are wanted, None where one is to go; whether these are `all` that are, but for
    the others that stay; what is wrong with them as rows; and where they stand, if in a folder.
    """

    rows: Mapping[RowKey, Item | None]
    are_all: bool = False
    diagnostics: Sequence[Diagnostic] = ()
    locations: Locations | None = None


class ProposedChanges(NamedTuple):
    """The `changes` that make live rows those that are wanted. `kept` are live rows that the folder
    lacks, and that stay.
    """

    changes: tuple[RowChange, ...]
    kept: tuple[RowKey, ...]
    diagnostics: Sequence[Diagnostic] = ()
    locations: Locations | None = None


def proposed_rows(
    folder: Path | None,
    set_: Iterable[tuple[str, str]],
    delete: Iterable[str],
    *,
    may_be_empty: bool = False,
) -> Proposal:
    """The rows that options name; ends with exit code 2 where they cannot be read, or where the
    folder has none, unless it `may_be_empty`.
    """
    rows: dict[RowKey, Item | None] = {}
    found = Proposal({})
    try:
        if folder is not None:
            with progress("Reading") as bar:
                read = read_tables(folder, may_be_empty=may_be_empty, told=bar.reached)
            say_unread(folder)
            rows = dict(read.items)
            found = Proposal({}, True, read.diagnostics, read.locations)
        rows |= _single_rows(set_)
    except RowsFileError as error:
        refuse(f"{without_dot(error)}.")
    for name in delete:
        row = named_row(name, "--delete")
        if rows.get(row) is not None:
            refuse(f"--delete: {name} is also among the rows that are wanted. Say one of both.")
        rows[row] = None
    return found._replace(rows=rows)


def proposed_changes(
    proposal: Proposal, live: Mapping[RowKey, Item], *, delete_missing: bool
) -> ProposedChanges:
    """What has to be changed so that the live rows are those that are wanted."""
    missing = [row for row in sorted(live) if row not in proposal.rows] if proposal.are_all else []
    rows = dict(proposal.rows) | (dict.fromkeys(missing) if delete_missing else {})
    changes = []
    for row, item in sorted(rows.items(), key=lambda entry: entry[0]):
        before = live.get(row)
        if item is None and before is None:
            refuse(f"--delete: there is no row {row_name(row)}.")
        after = (
            as_live(row.table, item, before) if item is not None and before is not None else item
        )
        if not is_same(row, before, after):
            changes.append(RowChange(row, before, after))
    kept = () if delete_missing else tuple(missing)
    return ProposedChanges(tuple(changes), kept, proposal.diagnostics, proposal.locations)


def _single_rows(set_: Iterable[tuple[str, str]]) -> dict[RowKey, Item]:
    """The rows that are wanted beside a folder, or in the place of its rows."""
    rows: dict[RowKey, Item] = {}
    is_input_read = False
    for name, file in set_:
        row = named_row(name, "--set")
        if not file:
            refuse(f"--set {name}: the file is missing. Write --set ROW FILE, or - to read it.")
        if row in rows:
            refuse(f"--set: {name} is named twice. Say which of both is wanted.")
        if file == "-" and is_input_read:
            refuse("--set: standard input (-) has one row alone. Name a file for the others.")
        is_input_read = is_input_read or file == "-"
        rows[row] = _single_row(row, file)
    return rows


def _single_row(row: RowKey, file: str) -> Item:
    """The row in `file`, or on standard input ("-")."""
    if file == "-":
        source, items = "standard input", _read_standard_input(row.table)
    else:
        source, items = file, read_table_file(Path(file), row.table)
    if len(items) != 1:
        count = counted(len(items), "row")
        refuse(f"--set: {source} holds {count}, where the one of {row_name(row)} belongs.")
    if row_key(row.table, items[0]) != row:
        found = row_name(row_key(row.table, items[0]))
        refuse(f"--set: {source} holds {found}, not {row_name(row)}. Name the row that it holds.")
    return items[0]


def _read_standard_input(table: str) -> Sequence[Item]:
    with TemporaryDirectory(prefix="dagc-") as folder:
        path = Path(folder) / "standard-input.yaml"
        path.write_bytes(sys.stdin.buffer.read())
        try:
            return read_table_file(path, table)
        except RowsFileError as error:
            raise RowsFileError(str(error).replace(str(path), "standard input")) from error
