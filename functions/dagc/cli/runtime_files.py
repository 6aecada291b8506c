"""The files of `airflow_runtime/`, as they lie in MWAA's bucket."""

from pathlib import Path

from dagc.cli.archive import zipped
from dagc.compiler import Target, alert_modules

PLUGINS = "plugins.zip"
REQUIREMENTS = "requirements.txt"
IGNORED = ".airflowignore"


class RuntimeFolderError(Exception):
    """The folder does not hold a runtime. The message says what is missing."""


def built_in_folder() -> Path:
    """`airflow_runtime/` of the checkout."""
    return Path(__file__).resolve().parents[3] / "airflow_runtime"


def runtime_files(folder: Path, target: Target, dags_folder: str) -> dict[str, bytes]:
    """The files for `target`, by their key in the bucket; those of `dags/` go to `dags_folder`.

    The plugins are those of `folder`, and the modules that DAG files import for their alerts.
    """
    requirements = folder / "requirements" / f"{target}.txt"
    if not requirements.is_file():
        raise RuntimeFolderError(f"{folder} has no requirements/{target}.txt")
    plugins = alert_modules() | _files_below(folder / "plugins")
    return {
        **{f"{dags_folder}/{name}": text for name, text in _files_below(folder / "dags").items()},
        PLUGINS: zipped(plugins),
        REQUIREMENTS: requirements.read_bytes(),
    }


def _files_below(folder: Path) -> dict[str, bytes]:
    """The content of the files below `folder`, by their path in it.

    Without what tools leave there: links, compiled modules, and all that is hidden.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _is_by_a_tool(path.relative_to(folder))
    }


def _is_by_a_tool(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts) and path.name != IGNORED
    return hidden or path.suffix in {".pyc", ".swp"} or path.name.endswith("~")
