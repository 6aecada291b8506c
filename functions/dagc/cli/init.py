"""`dagc init`: writes a team's folder (`team.py`). Exit codes: 0 done; 2 wrong usage."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from dagc.cli.project import project_folder
from dagc.cli.refusal import refuse

SKELETON = Path(__file__).with_name("skeleton")


def init_command(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to make; it must be new or empty.")
    ],
) -> None:
    """Write a team's folder: defaults, a first row of each table, what Airflow gets."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        refuse(f"{folder} exists already, and is not empty. Name another, or empty it.")
    try:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SKELETON, folder, dirs_exist_ok=True, ignore=ignored)
        shutil.copyfile(project_folder() / "samconfig.toml", folder / "samconfig.toml")
    except OSError as error:
        refuse(f"{folder}: cannot write there: {error}")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            typer.echo(f"  {path}")
    typer.echo(
        f"\nNext:\n  cd {folder}\n  dagc validate\n  dagc compile --out /tmp/dags\n"
        "  dagc deploy --env dev     after a look at defaults.yaml and samconfig.toml"
    )
