"""Reads template folders: the project's `dag_templates/`, and a team's own laid over it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import BaseLoader, FileSystemLoader

from dagc.compiler.catalog.fingerprint import compiler_fingerprint
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey
from dagc.compiler.rows.defaults import FILE as DEFAULTS_FILE


class Catalog(NamedTuple):
    """What the folders hold: the declarations of task types by file stem, the defaults, and the
    templates; and their fingerprint, together with the compiler's.
    """

    declarations: dict[str, Any]
    defaults: Any
    loader: BaseLoader
    fingerprint: str


def built_in_templates() -> Path:
    """`dag_templates/`: beside the package where Lambda runs it, one folder up in a checkout."""
    package = Path(__file__).resolve().parents[2]
    candidates = [package.parent / "dag_templates", package.parents[1] / "dag_templates"]
    return next((folder for folder in candidates if folder.is_dir()), candidates[-1])


def read_sources(folders: Sequence[Path]) -> tuple[Catalog, list[Diagnostic]]:
    """The catalog of `folders`, where a file in an earlier folder hides its namesake in a later."""
    diagnostics: list[Diagnostic] = []
    files: dict[str, Path] = {}
    for folder in reversed(folders):
        files |= {path.stem: path for path in sorted((folder / "tasks").glob("*.yaml"))}
    declarations = {
        stem: _read_yaml(path, f"tasks/{path.name}", diagnostics)
        for stem, path in sorted(files.items())
    }
    candidates = (folder / DEFAULTS_FILE for folder in folders)
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    defaults = _read_yaml(path, DEFAULTS_FILE, diagnostics) if path else None
    loader = FileSystemLoader(folders)
    return Catalog(declarations, defaults, loader, compiler_fingerprint(folders)), diagnostics


def _read_yaml(path: Path, name: str, diagnostics: list[Diagnostic]) -> Any:
    import yaml

    from dagc.compiler.catalog.plain_yaml import load_plain

    try:
        return load_plain(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        summary = " ".join(str(error).replace('in "<unicode string>", ', "at ").split())
        code = Code.BAD_DEFAULTS if name == DEFAULTS_FILE else Code.BAD_TEMPLATE
        problem = Problem(code, f"no YAML: {summary}", "Repair the file.")
        diagnostics.append(problem.at(RowKey(name, ()), ""))
        return {}
