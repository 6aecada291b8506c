"""What Airflow gets beside the DAG files, as it lies in MWAA's bucket: ours, and a team's."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from dagc.cli.archive import zipped
from dagc.cli.project import project_folder
from dagc.compiler import Target, alert_modules

PLUGINS = "plugins.zip"
REQUIREMENTS = "requirements.txt"
IGNORED = ".airflowignore"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_CONSTRAINT = "-constraint"
_IN_THE_IMAGE = {
    f"apache-airflow-providers-{name}"
    for name in ("amazon", "common-sql", "http", "postgres", "smtp", "standard")
}
"""What MWAA's images have; `standard` from Airflow 3 on, and asked for there alone."""


class RuntimeFolderError(Exception):
    """A folder does not hold what it should. The message says what, and what to do."""


def built_in_runtime() -> Path:
    """The folder `airflow_runtime/`."""
    return project_folder() / "airflow_runtime"


def runtime_files(
    built_in: Path,
    team: Path | None,
    target: Target,
    dags_folder: str,
    packages: Collection[str] = (),
) -> dict[str, bytes]:
    """The files for `target`, by their key in the bucket: those of `airflow_runtime/`, with the
    modules that DAG files import for their alerts, and those of `airflow/` in a team's folder.
    Files of its `dags/` go to `dags_folder`. Those of `packages` that neither the image of MWAA
    nor the requirements have are added to these, in the version that the constraints say.
    """
    requirements = built_in / "requirements" / f"{target}.txt"
    if not requirements.is_file():
        raise RuntimeFolderError(f"{built_in} has no requirements/{target}.txt")
    plugins = alert_modules(team) | _files_below(built_in / "plugins")
    dags: Mapping[str, bytes] = {}
    text = requirements.read_text(encoding="utf-8")
    if team is not None:
        own = team / "airflow"
        plugins = _merged_plugins(plugins, _files_below(own / "plugins"), own)
        dags = _files_below(own / "dags")
        if (own / REQUIREMENTS).is_file():
            text = _merged_requirements(text, own / REQUIREMENTS)
    return {
        **{f"{dags_folder}/{name}": content for name, content in dags.items()},
        PLUGINS: zipped(plugins),
        REQUIREMENTS: _with_packages(text, packages).encode(),
    }


def _with_packages(text: str, packages: Collection[str]) -> str:
    there = {name for name, _ in _requirements(text.splitlines())} | _IN_THE_IMAGE
    if not (added := sorted({*packages} - there - {""})):
        return text
    return "\n".join([text.rstrip("\n"), "# Of the operators that rows name:", *added, ""])


def _merged_plugins(
    ours: Mapping[str, bytes], theirs: Mapping[str, bytes], own: Path
) -> dict[str, bytes]:
    if both := sorted(ours.keys() & theirs.keys()):
        raise RuntimeFolderError(f"{own / 'plugins' / both[0]} is a file of dagc's: rename yours")
    return {**ours, **theirs}


def _merged_requirements(ours: str, file: Path) -> str:
    """Our requirements, and after them those of `file` that ours do not have. Constraints of theirs
    stand in the place of ours, for where MWAA does not reach the internet.
    """
    wanted = dict(_requirements(ours.splitlines()))
    added = []
    for name, line in _requirements(_lines_of(file)):
        if name == _CONSTRAINT and name in wanted:
            ours = ours.replace(wanted[name], line)
        elif name not in wanted:
            added.append(line)
        elif wanted[name] != line:
            raise RuntimeFolderError(
                f"{file}: {line!r}, but dagc's has {wanted[name]!r}: keep that"
            )
    if not added:
        return ours
    return "\n".join([ours.rstrip("\n"), f"# From {file.name} of the team:", *added, ""])


def _requirements(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The name and the line of each requirement; of `--constraint` and the like, the option."""
    for text in lines:
        line = text.partition(" #")[0].strip()
        if line and not line.startswith("#"):
            match = _NAME.match(line)
            if match is None:
                raise RuntimeFolderError(
                    f"{REQUIREMENTS}: {line!r} is no requirement: write a package and its version, "
                    "such as pandas==2.2.3"
                )
            yield re.sub(r"[-_.]+", "-", match[0]).lower(), line


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RuntimeFolderError(f"{file} is not in UTF-8: save it as such") from error


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
