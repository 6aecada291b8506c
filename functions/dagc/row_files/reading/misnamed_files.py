"""Finds the files that were meant to hold a table, and are not read for their name."""

import re
from collections.abc import Iterable
from pathlib import Path

from dagc.row_files.reading.row_documents import SUFFIXES, RowsFileError


def refuse_misnamed(folder: Path, tables: Iterable[str]) -> None:
    """Raises RowsFileError where one of `tables`, which have no file of their own in `folder`,
    seems to have one by another name: to go on without it would say that the table is empty.
    """
    files = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))
    for table in tables:
        for path in files:
            stem, _, kind = path.name.partition(".")
            if _may_mean(stem, table):
                raise RowsFileError(
                    f"{path} is not read, and nothing else holds {table}. Name it {table}.{kind}, "
                    "or move it to another folder"
                )


def _may_mean(stem: str, table: str) -> bool:
    """Says whether a file is probably named for `table`: `mwaa_tasks`, `prod-mwaa_task`, `task`."""
    words = [word.lower() for word in re.split(r"[^A-Za-z0-9]+", stem) if word]
    meant = re.compile(rf"(?:mwaa)?{table.removeprefix('mwaa_').removesuffix('r')}r?s?")
    is_named = any(word.startswith("mwaa") for word in words)
    return any(map(meant.fullmatch, words)) and (is_named or len(words) == 1)
