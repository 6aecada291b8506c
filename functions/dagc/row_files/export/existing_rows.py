"""The rows that a folder has, and in which file."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dagc.compiler import Item, RowKey
from dagc.row_files.reading.locations import Origin
from dagc.row_files.reading.read_tables import read_tables, refuse_rows


@dataclass(frozen=True)
class ExistingRows:
    """By row, the item that its file has, and what it is read from; by file, its rows."""

    folder: Path
    items: Mapping[RowKey, Item]
    origins: Mapping[RowKey, Origin]
    in_file: Mapping[Path, list[RowKey]]

    @classmethod
    def of(cls, folder: Path) -> "ExistingRows":
        """Those of a folder, which may have none; RowsFileError where it cannot be read, or has a
        row that is none.
        """
        found = read_tables(folder, may_be_empty=True)
        refuse_rows(found.diagnostics, found.locations)
        items = found.items
        origins = {row: origin for row in items if (origin := found.locations.origin(row))}
        in_file: dict[Path, list[RowKey]] = defaultdict(list)
        for row, origin in origins.items():
            in_file[origin.file].append(row)
        return cls(folder, items, origins, in_file)
