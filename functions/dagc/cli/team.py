"""A team's folder: what is theirs, so that an update of dagc touches no file of theirs.

    dagc.toml        marks the folder: a command that is started in it, or below it, finds it
    defaults.yaml    what all rows get: clusters, buckets, connections, by environment
    templates/       task types and alerts of their own, laid over `dag_templates/`
    rows/            the rows, where a team keeps them in files
    airflow/         what Airflow gets beside ours: dags/, plugins/, requirements.txt
    samconfig.toml   the stack's parameters, by environment

Each of them may be missing. `dagc init` writes them all.
"""

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from dagc.cli.refusal import refuse

MARKER = "dagc.toml"

Team = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="A team's folder (dagc init). Without: where dagc.toml is, here or above; or none.",
    ),
]


def team_folder(option: Path | None) -> Path | None:
    """The folder that `--team` names; or that of the nearest `dagc.toml`, from here upwards, or
    which that file names (`team = "warehouse"`). Ends with exit code 2 if that is no folder.
    """
    if option is not None:
        return _folder(option, "--team")
    here = Path.cwd()
    marker = next(
        (found for folder in (here, *here.parents) if (found := folder / MARKER).is_file()), None
    )
    if marker is None:
        return None
    try:
        content = tomllib.loads(marker.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        refuse(f'{marker}: {error}. It is TOML, and may say team = "FOLDER".')
    if unknown := sorted(content.keys() - {"team"}):
        refuse(f'{marker}: unknown key {unknown[0]!r}. It may only say team = "FOLDER".')
    named = content.get("team", ".")
    if not isinstance(named, str):
        refuse(f'{marker}: team is {named!r}. Write a folder, in quotes: team = "FOLDER".')
    return _folder(marker.parent / named, f"{marker}: team")


def rows_folder(option: Path | None, team: Path | None) -> Path | None:
    """The folder of rows that `--rows` names, or the team's rows/, if there is one."""
    return option or (team / "rows" if team is not None and (team / "rows").is_dir() else None)


def _folder(folder: Path, named_by: str) -> Path:
    if folder.exists() and not folder.is_dir():
        refuse(f"{named_by}: {folder} is a file. Name the folder that holds defaults.yaml.")
    if not folder.is_dir():
        refuse(f"{named_by}: {folder} is no folder. `dagc init {folder}` makes one.")
    return folder.resolve()
