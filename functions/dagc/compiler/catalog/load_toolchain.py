"""Loads a toolchain: the catalog of templates and task types, made for one target."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dagc.compiler.catalog.kept_sources import bytecode_in, read_kept_sources
from dagc.compiler.catalog.precompiled import find_precompiled
from dagc.compiler.catalog.sources import (
    OPERATORS_FILE,
    Catalog,
    alert_module_file,
    built_in_templates,
)
from dagc.compiler.catalog.templates import templates_of
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, has_errors
from dagc.compiler.python_source.functions import FunctionSource, read_functions
from dagc.compiler.rendering.alert_functions import ALERT_FUNCTIONS
from dagc.compiler.rendering.import_paths import core_imports
from dagc.compiler.rows.defaults import Defaults, read_defaults
from dagc.compiler.rows.operator_types import with_operators
from dagc.compiler.schema.checks import SchemaError
from dagc.compiler.schema.other_names import normalized
from dagc.compiler.schema.template_names import template_names
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType, read_task_type
from dagc.compiler.toolchain import Toolchain


@cache
def load_toolchain(
    target: Target,
    environment: str,
    team: Path | None = None,
    *,
    has_runtime: bool = True,
    kept: Path | None = None,
) -> tuple[Toolchain | None, tuple[Diagnostic, ...]]:
    """Returns the toolchain for `target` and a section of the defaults ("" for the common one
    alone).

    `team` is a team's folder (`sources.py`). `has_runtime` says whether the files can import what
    `dagc runtime` publishes; without, they are self-contained. `kept` is a folder that keeps
    what was read and compiled of templates for the next time. None and diagnostics if a declaration
    or the defaults are wrong.
    """
    catalog = None if team else find_precompiled(built_in_templates())
    is_sound = catalog is not None
    diagnostics: list[Diagnostic] = []
    if catalog is None:
        catalog, diagnostics = read_kept_sources(built_in_templates(), team, kept)
    types = _task_types(catalog, target, diagnostics, is_sound=is_sound)
    imports = _imports(types, target, diagnostics)
    defaults, problems = read_defaults(catalog.defaults, environment, types)
    diagnostics += problems
    operators = Operators(built_in_templates() / OPERATORS_FILE)
    types = _with_operators(types, operators, defaults, target)
    functions = None if has_runtime else _alert_functions(catalog.alert_modules, diagnostics)
    if has_errors(diagnostics):
        return None, tuple(diagnostics)
    compiled = bytecode_in(kept, catalog.fingerprint)
    templates = templates_of(catalog.loader, types.values(), compiled)
    made_for = f"runtime={'published' if has_runtime else 'none'}"
    fingerprint = f"{catalog.fingerprint} target={target} environment={environment} {made_for}"
    names = template_names(catalog.template_names, target)
    toolchain = Toolchain(
        target, types, defaults, names, operators, imports, templates, functions, fingerprint
    )
    return toolchain, tuple(diagnostics)


def _with_operators(
    types: Mapping[str, TaskType], operators: Operators, defaults: Defaults, target: Target
) -> dict[str, TaskType]:
    return {
        name: with_operators(known, operators, defaults.operators, target)
        for name, known in types.items()
    }


def _task_types(
    catalog: Catalog, target: Target, diagnostics: list[Diagnostic], *, is_sound: bool
) -> dict[str, TaskType]:
    types: dict[str, TaskType] = {}
    unreadable = {diagnostic.table for diagnostic in diagnostics}
    for stem, declaration in catalog.declarations.items():
        if _file(stem) in unreadable:
            continue
        try:
            task_type = read_task_type(declaration, stem, target, is_sound=is_sound)
        except SchemaError as error:
            diagnostics.append(_bad(stem, str(error)))
            continue
        other = types.setdefault(normalized(task_type.name), task_type)
        if other is not task_type:
            diagnostics.append(_bad(stem, f"the type {task_type.name!r} is declared twice"))
    return types


def _imports(
    types: Mapping[str, TaskType], target: Target, diagnostics: list[Diagnostic]
) -> dict[str, str]:
    imports = dict(core_imports(target))
    first: dict[str, str] = {}
    for task_type in types.values():
        stem = Path(task_type.template).name.split(".")[0]
        for name, module in task_type.imports.items():
            if imports.setdefault(name, module) != module:
                where = _file(first[name]) if name in first else "the DAG's own templates"
                message = f"imports {name!r} from {module}, and {where} from {imports[name]}"
                diagnostics.append(_bad(stem, message))
            first.setdefault(name, stem)
    return imports


def _alert_functions(
    sources: Mapping[str, str], diagnostics: list[Diagnostic]
) -> dict[str, FunctionSource]:
    """Returns the functions that files get copies of; all of those that alerts call are there."""
    functions: dict[str, FunctionSource] = {}
    for module, called in ALERT_FUNCTIONS.items():
        problem = ""
        try:
            functions |= read_functions(sources[module])
        except (SyntaxError, ValueError) as error:
            problem = str(error)
        else:
            if missing := [name for name in called if name not in functions]:
                problem = f"it lacks {', '.join(missing)}"
        if problem:
            hint = "See docs/alerts.md, 'In the file'."
            bad = Problem(Code.BAD_TEMPLATE, problem, hint)
            diagnostics.append(bad.at(RowKey(alert_module_file(module), ()), ""))
    return functions


def _file(stem: str) -> str:
    return f"tasks/{stem}.yaml"


def _bad(stem: str, message: str) -> Diagnostic:
    hint = "See docs/task-types.md, 'A type of your own'."
    return Problem(Code.BAD_TEMPLATE, message, hint).at(RowKey(_file(stem), ()), "")
