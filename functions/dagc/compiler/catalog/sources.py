"""Reads what a toolchain is made of: the project's `dag_templates/`, and a team's folder.

A team's folder holds `defaults.yaml`, and in `templates/` what is laid over `dag_templates/`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import BaseLoader, FileSystemLoader

from dagc.compiler.catalog.fingerprint import compiler_fingerprint
from dagc.compiler.catalog.plain_yaml import UnreadableTextError, load_plain
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey
from dagc.compiler.rendering.alert_functions import ALERT_FUNCTIONS
from dagc.compiler.rows.defaults import FILE as DEFAULTS_FILE
from dagc.compiler.schema.template_names import Recorded


def alert_module_file(module: str) -> str:
    """Returns the path of a module of alerts in a folder of templates."""
    return f"alerts/{module}.py"


SHAPES_FILE = "api_shapes.json"
"""What task types name as a `shape`: parts of AWS's APIs (`docs/api_shapes.py` writes it)."""


NAMES_FILE = "template_names.json"
"""What texts that Airflow renders may use, by target (`tests/airflow/record_template_names.py`)."""


OPERATORS_FILE = "operators.zip"
"""What operators take, by target (`tests/airflow/record_operators.py`). Its bytes are in the
fingerprint, as those of all files here; nothing else of it is read before a row asks."""


class Catalog(NamedTuple):
    """What the folders hold: the declarations of task types by file stem, the defaults, what
    templated texts may use, the sources of the alert modules by name, and the templates; and their
    fingerprint, together with the compiler's.
    """

    declarations: dict[str, Any]
    defaults: Any
    template_names: Recorded
    alert_modules: Mapping[str, str]
    loader: BaseLoader
    fingerprint: str


def built_in_templates() -> Path:
    """Returns `dag_templates/`: beside the package where Lambda runs it, in the package where a
    wheel was installed, one folder up in a checkout.
    """
    package = Path(__file__).resolve().parents[2]
    places = (package.parent, package / "project", package.parents[1])
    candidates = [place / "dag_templates" for place in places]
    return next((folder for folder in candidates if folder.is_dir()), candidates[-1])


def read_sources(built_in: Path, team: Path | None) -> tuple[Catalog, list[Diagnostic]]:
    """Reads the catalog of `dag_templates/` and of a team's folder, whose files hide their
    namesakes.
    """
    diagnostics: list[Diagnostic] = []
    folders = folders_of(built_in, team)
    shapes = json.loads((built_in / SHAPES_FILE).read_text(encoding="utf-8"))
    files: dict[str, Path] = {}
    for folder in reversed(folders):
        files |= {path.stem: path for path in sorted((folder / "tasks").glob("*.yaml"))}
    declarations = {
        stem: _with_shapes(_read_yaml(path, f"tasks/{path.name}", diagnostics), shapes)
        for stem, path in sorted(files.items())
    }
    path = _defaults_file(built_in, team)
    defaults = _read_yaml(path, DEFAULTS_FILE, diagnostics) if path else None
    fingerprint = fingerprint_of(built_in, team)
    alert_modules = {
        module: path.read_text(encoding="utf-8") if path else ""
        for module in ALERT_FUNCTIONS
        for path in [_first(folders, alert_module_file(module))]
    }
    names = json.loads((built_in / NAMES_FILE).read_text(encoding="utf-8"))
    loader = FileSystemLoader(folders)
    return Catalog(declarations, defaults, names, alert_modules, loader, fingerprint), diagnostics


def folders_of(built_in: Path, team: Path | None) -> list[Path]:
    """Returns the folders of templates, that first whose files hide the others'."""
    return [team / "templates", built_in] if team else [built_in]


def fingerprint_of(built_in: Path, team: Path | None) -> str:
    """Returns the fingerprint of a catalog that may not be read yet."""
    path = _defaults_file(built_in, team)
    return compiler_fingerprint([*folders_of(built_in, team), *([path] if path else [])])


def _defaults_file(built_in: Path, team: Path | None) -> Path | None:
    return _first([team, built_in] if team else [built_in], DEFAULTS_FILE)


def alert_modules(team: Path | None) -> dict[str, bytes]:
    """Returns the modules that DAG files import from the published runtime, by file name: all
    versions, a team's own in the place of ours.
    """
    folders = [built_in_templates(), *([team / "templates"] if team else [])]
    paths = [path for folder in folders for path in sorted((folder / "alerts").glob("*.py"))]
    return {path.name: path.read_bytes() for path in paths}


def _with_shapes(declaration: Any, shapes: Mapping[str, Any]) -> Any:
    """Puts the schema of each `shape` that a declaration names in the place of the name; a name
    that is not among `shapes` stays, and no schema compiles with it.
    """
    if isinstance(declaration, list):
        return [_with_shapes(entry, shapes) for entry in declaration]
    if not isinstance(declaration, dict):
        return declaration
    return {
        key: shapes.get(value, value)
        if key == "shape" and isinstance(value, str)
        else _with_shapes(value, shapes)
        for key, value in declaration.items()
    }


def _first(folders: Sequence[Path], name: str) -> Path | None:
    """Returns the file `name` in the first of `folders` that has it."""
    candidates = (folder / name for folder in folders)
    return next((candidate for candidate in candidates if candidate.is_file()), None)


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> Any:
    """Toolchains of several targets, sections or teams have most files in common."""
    return load_plain(content)


def _read_yaml(path: Path, name: str, diagnostics: list[Diagnostic]) -> Any:
    try:
        return _parsed(path.read_bytes())
    except UnreadableTextError as error:
        code = Code.BAD_DEFAULTS if name == DEFAULTS_FILE else Code.BAD_TEMPLATE
        problem = Problem(code, f"line {error.line}: {error.message}", error.hint)
        diagnostics.append(problem.at(RowKey(name, ()), ""))
        return {}
