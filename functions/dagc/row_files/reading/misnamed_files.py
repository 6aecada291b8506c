"""Finds what was meant to hold rows, and is not read for its name or its kind."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from dagc.compiler import KEYS
from dagc.row_files.reading.row_documents import BESIDE, SUFFIXES, RowsFileError

_KEY = re.compile(rb"\b(task_id|job_id|schedule_id)\b")
"""What a file has in it that holds rows."""
_LOOKED_AT = 100_000
"""Bytes of a file in which that is looked for."""
_OTHER_TABLES = ("mwaa_dag", "mwaa_dag_dependency", "mwaa_run")


def refuse_misnamed(folder: Path, by_table: Mapping[str, Collection[Path]]) -> None:
    """Raises RowsFileError where a table seems to stand in `folder` by another name: to go on
    without it would say that its rows are not wanted. `by_table` are the files that are read.
    """
    for path in _strays(folder):
        stem, _, kind = path.name.partition(".")
        table = next((table for table in KEYS if _may_mean(stem, table)), None)
        if table and not by_table[table] and (path.is_file() or _holds_rows(path)):
            name = f"{table}.{kind}" if path.is_file() else table
            what, todo = f"and nothing else holds {table}", f"Name it {name}"
        elif (table or _is_of_ours(stem)) and not _is_copy(stem) and _holds_rows(path):
            what = "though it seems to hold rows"
            todo = f"Move it into the folder {folder / (table or '<table>')}"
        else:
            continue
        raise RowsFileError(f"{path} is not read, {what}. {todo}, or move it to another folder")


def unread_files(folder: Path) -> list[Path]:
    """Files that seem to hold rows and are not read: those beside the tables whose names mean none
    of them, and those of other kinds in the folders of the tables.
    """
    others = [
        path
        for table in KEYS
        for path in (folder / table).rglob("*")
        if path.is_file() and not path.name.endswith((*SUFFIXES, *BESIDE))
    ]
    beside = [path for path in _strays(folder) if path.is_file()]
    return sorted(path for path in (*beside, *others) if not _is_hidden(path) and _holds_rows(path))


def _strays(folder: Path) -> list[Path]:
    """What is in `folder`, could hold rows by its kind, and has not the name of a table."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.partition(".")[0] not in KEYS
        and not _is_hidden(path)
        and (path.is_dir() or path.name.lower().endswith(SUFFIXES))
    )


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _holds_rows(path: Path) -> bool:
    """Whether a file, or one of rows in a folder, has the key of a row in it."""
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.name.lower().endswith(SUFFIXES))
        return any(file.is_file() and _holds_rows(file) for file in files)
    try:
        with path.open("rb") as file:
            return bool(_KEY.search(file.read(_LOOKED_AT)))
    except OSError:
        return False


def _is_of_ours(stem: str) -> bool:
    """Whether a name is like those of tables, though of none of them: `mwaa_foo`."""
    return stem.lower().startswith("mwaa_") and stem.lower() not in _OTHER_TABLES


def _is_copy(stem: str) -> bool:
    """Whether a name has that of a table in it, and more: `prod-mwaa_task`, `mwaa_task_old`."""
    return any(re.search(f"(?<![a-z0-9]){table}(?![a-z0-9])", stem.lower()) for table in KEYS)


def _may_mean(stem: str, table: str) -> bool:
    """Says whether a file is probably named for `table`: `mwaa_tasks`, `prod-mwaa_task`, `task`."""
    words = [word.lower() for word in re.split(r"[^A-Za-z0-9]+", stem) if word]
    meant = re.compile(rf"(?:mwaa)?{table.removeprefix('mwaa_').removesuffix('r')}r?s?")
    is_named = any(word.startswith("mwaa") for word in words)
    return any(map(meant.fullmatch, words)) and (is_named or len(words) == 1)
