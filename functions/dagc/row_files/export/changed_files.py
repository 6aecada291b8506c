"""Changes a row file that is there, and reads back what comes of it before it replaces anything."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dagc.compiler import Item, RowKey
from dagc.row_files.export.new_rows import file_contents, is_live, reader
from dagc.row_files.export.spliced_yaml import RowEdit, Splice
from dagc.row_files.export.yaml_spans import NoSpliceError
from dagc.row_files.reading.locations import Origin
from dagc.row_files.reading.read_tables import rows_in
from dagc.row_files.reading.row_documents import RowsFileError


class FileChange(NamedTuple):
    """What becomes of the file of a table: rows of it that are edited, and the YAML of others that
    are added, so that it holds the `wanted` rows. `texts` are those of files that are added, too;
    `shared` are files that several rows name.
    """

    path: Path
    table: str
    wanted: Mapping[RowKey, Item]
    edits: Sequence[RowEdit] = ()
    added: Sequence[str] = ()
    texts: Mapping[Path, str] = {}
    shared: Collection[Path] = ()


def refuse_typed(origins: Iterable[Origin]) -> None:
    """Raises NoSpliceError where a row is in DynamoDB's own JSON, which is not changed in place."""
    if any(origin.typed for origin in origins):
        raise NoSpliceError("DynamoDB's own JSON")


def changed_file(
    change: FileChange, folder: Path, content: bytes | None = None
) -> dict[Path, bytes]:
    """The content of the file, and of those of SQL that its rows name, once it is changed: where
    the values alone that differ cannot be, as they are named elsewhere in the row (`&x`, `*x`), the
    whole rows. NoSpliceError unless it then holds just the rows that are wanted. `content` is what
    is to be written to the file so far.
    """
    if change.path.suffix not in (".yaml", ".yml"):
        raise NoSpliceError("no YAML")
    before = change.path.read_bytes() if content is None else content
    try:
        return _changed(change, folder, before, whole=False)
    except NoSpliceError:
        return _changed(change, folder, before, whole=True)


def _changed(change: FileChange, folder: Path, before: bytes, *, whole: bool) -> dict[Path, bytes]:
    path, table, wanted, edits, added, texts, shared = change
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    splice = Splice(before.decode("utf-8-sig"), path, folder, table, whole, shared)
    try:
        text, files = splice.done(edits, added)
        after = mark + text.encode()
        found = rows_in(after, path, table, folder, reader({**texts, **files}))
    except (RowsFileError, LookupError, ValueError) as error:
        raise NoSpliceError(str(error)) from error
    same = found.keys() == wanted.keys()
    if not same or not all(is_live(row, found[row], item) for row, item in wanted.items()):
        raise NoSpliceError("it would hold other rows")
    return {path: after, **file_contents(files)}
