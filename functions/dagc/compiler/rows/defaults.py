"""Reads `defaults.yaml`: what a deployment sets for all rows, in one section an environment."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, did_you_mean
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA, SCHEDULE_PARAMS_SCHEMA
from dagc.compiler.rows.timetables import TIMETABLES, DeclaredTimetable, read_timetables
from dagc.compiler.rows.type_params import TypeParams, read_type_params
from dagc.compiler.rows.typed_params import typed_param_problems
from dagc.compiler.schema.checks import compile_check
from dagc.compiler.schema.json_values import kind_of
from dagc.compiler.schema.layers import merged
from dagc.compiler.schema.messages import unknown_key, wrong_type
from dagc.compiler.task_types import TaskType

FILE = "defaults.yaml"
COMMON_SECTION = "default"
_SECTIONS = f"Write sections: {COMMON_SECTION!r}, and one for each environment."


_check_operators = compile_check(
    {
        "type": "array",
        "items": {"type": "string", "format": "import-path"},
    },
    "operators",
)
_check_plugin_macros = compile_check(
    {"type": "array", "items": {"type": "string", "pattern": "[A-Za-z_][A-Za-z0-9_]*"}},
    "plugin_macros",
)

_check_callbacks = compile_check(
    {"type": "array", "items": {"type": "string", "format": "callable"}}, "callbacks"
)


class Defaults(NamedTuple):
    """The settings and parameters that hold in one environment unless a row sets others.

    `plugin_macros` are the names of the Airflow plugins that add macros to what texts may use,
    `operators` the import paths of classes that rows may name beside those of the catalogue,
    `callbacks` the functions of the team's own that alerts may call, and `timetables` those that
    may start schedulers, by name.
    """

    schedule_params: Mapping[str, Any]
    job_params: Mapping[str, Any]
    task_params: TypeParams
    plugin_macros: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    timetables: Mapping[str, DeclaredTimetable] = MappingProxyType({})


def read_defaults(
    content: Any, environment: str, types: Mapping[str, TaskType]
) -> tuple[Defaults, list[Diagnostic]]:
    """Reads the defaults of `environment` in the `content` of the file, and what is wrong in it.

    They are the section of the environment ("" for none), merged over the common section.
    """
    diagnostics: list[Diagnostic] = []

    def report(attribute: str, problems: list[Problem]) -> None:
        diagnostics.extend(problem.at(RowKey(FILE, ()), attribute) for problem in problems)

    sections = content if isinstance(content, dict) else {}
    if content is not None and not isinstance(content, dict):
        report("", [Problem(Code.BAD_DEFAULTS, f"{kind_of(content)} at the top", _SECTIONS)])
    if environment and environment not in sections and sections:
        others = set(sections) - {COMMON_SECTION}
        add = f"Add it, empty if nothing differs there: `{environment}: {{}}`."
        hint = did_you_mean(environment, others) if others else add
        report("", [Problem(Code.BAD_DEFAULTS, f"no section {environment!r}", hint)])
    result = Defaults({}, {}, {})
    for section in (COMMON_SECTION, environment):
        problems: list[Problem] = []
        layer = _read_section(sections.get(section) or {}, types, problems)
        report(section, problems)
        result = Defaults(
            SCHEDULE_PARAMS_SCHEMA.merge(result.schedule_params, layer.schedule_params),
            merged(result.job_params, layer.job_params),
            _merged_types(result.task_params, layer.task_params, types),
            tuple(dict.fromkeys([*result.plugin_macros, *layer.plugin_macros])),
            tuple(dict.fromkeys([*result.operators, *layer.operators])),
            tuple(dict.fromkeys([*result.callbacks, *layer.callbacks])),
            {**result.timetables, **layer.timetables},
        )
    return result, diagnostics


def _merged_types(common: TypeParams, own: TypeParams, types: Mapping[str, TaskType]) -> TypeParams:
    return {
        task_type.name: task_type.params.merge(
            common.get(task_type.name, {}), own.get(task_type.name, {})
        )
        for task_type in types.values()
        if task_type.name in common or task_type.name in own
    }


def _read_section(section: Any, types: Mapping[str, TaskType], problems: list[Problem]) -> Defaults:
    settings = ("schedule_params", "job_params")
    known = (*settings, "plugin_macros", "operators", "callbacks", TIMETABLES)
    if not isinstance(section, dict):
        hint = f"Write {' and '.join(settings)} in it."
        problems.append(Problem(Code.BAD_DEFAULTS, f"{kind_of(section)} as a section", hint))
        return Defaults({}, {}, {})
    for key, value in section.items():
        if key not in known:
            problems.append(unknown_key(str(key), known, section, ()))
        elif key in settings and not isinstance(value, dict):
            problems.append(wrong_type(value, ["object"], (key,)))
    schedule_params, job_params = (
        section[key] if isinstance(section.get(key), dict) else {} for key in settings
    )
    job_params = JOB_PARAMS_SCHEMA.check(job_params, ("job_params",), problems)
    schedule_params = SCHEDULE_PARAMS_SCHEMA.check(schedule_params, ("schedule_params",), problems)
    for name, params in (("schedule_params", schedule_params), ("job_params", job_params)):
        problems += typed_param_problems(params.get("params"), (name, "params"))
    return Defaults(
        schedule_params,
        job_params,
        read_type_params(
            job_params.pop("task_params", None) or {}, types, ("job_params",), problems
        ),
        tuple(
            _check_plugin_macros(section.get("plugin_macros") or [], ("plugin_macros",), problems)
            or ()
        ),
        tuple(_check_operators(section.get("operators") or [], ("operators",), problems) or ()),
        tuple(_check_callbacks(section.get("callbacks") or [], ("callbacks",), problems) or ()),
        read_timetables(section.get(TIMETABLES), problems),
    )
