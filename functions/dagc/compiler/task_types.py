"""Reads task types: what `dag_templates/tasks/<type>.yaml` declares about a kind of task."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from dagc.compiler.diagnostics import Code, JsonPath, Problem, did_you_mean, known_words, nearest
from dagc.compiler.python_source.identifiers import is_identifier
from dagc.compiler.schema.cases import Case, compile_cases
from dagc.compiler.schema.checks import SchemaError
from dagc.compiler.schema.layers import LayerSchema, compile_layers
from dagc.compiler.schema.no_results import NoResult, compile_no_results
from dagc.compiler.schema.other_names import normalized, other_type, type_hint
from dagc.compiler.schema.type_sql import TypeSql, compile_type_sql
from dagc.compiler.signatures.signature import Signature
from dagc.compiler.targets import Target

_KEYS = {
    "type", "summary", "imports", "params", "formatted", "template_ext", "default_args",
    "reads_params", "aliases", "cases", "wait_limit", "sql", "skips", "any_operator",
    "tears_down", "returns_nothing",
}  # fmt: skip

SHARED_ARGUMENTS = (
    "application_id", "aws_conn_id", "bucket_name", "catalog", "cluster", "cluster_identifier",
    "configuration_overrides", "conn_id", "database", "db_user", "deferrable", "execution_role_arn",
    "job_flow_id", "launch_type", "max_polling_attempts", "mode", "network_configuration",
    "output_location", "platform_version", "region_name", "secret_arn", "wait_for_completion",
    "waiter_max_attempts", "workgroup", "workgroup_name",
)  # fmt: skip
"""The arguments of operators that a DAG's `default_args` may hold: they say where a task works and
how it waits, and so read well apart from it. (What every operator takes is a setting instead.)
"""
FOLLOWERS, ALL = SKIPS = ("followers", "all")
"""What a type's tasks may skip: of the tasks that directly follow one, those that it does not
choose; or all that come after it.
"""
ITSELF = "itself"
"""What a task may skip because its parameters say so."""
_SIMILAR = 0.75
"""How alike a name and the type that it is a slip of the pen for must be, as `nearest` counts."""


class OperatorTypes(Protocol):
    """The types that a type of any operator becomes: one for each operator."""

    def of_row(self, params: Mapping[str, Any], problems: list[Problem]) -> "TaskType":
        """Returns the type for the `params` of a row, and adds what is wrong with the operator that
        they name.
        """

    def knows(self, operator: str) -> bool:
        """Says whether a row can run this operator."""


class TaskType(NamedTuple):
    """A type of task; `summary` says what it does. `imports` maps each name that its template may
    use to its module, for one target; `formatted` says that the template prints black's layout by
    itself. `default_args` are those of SHARED_ARGUMENTS that each of its operators takes; None
    where it does not say which.
    `reads_params` says that its code may read Airflow's `params`, and not its texts alone.
    `wait_limit` is the parameter that limits how long a task waits where Airflow's
    `execution_timeout` does not; None where it does, too.
    `sql` is None where no parameter holds SQL.
    `skips` says what its task may skip: the tasks that directly follow it, "followers", or "all"
    that come after it; "" for none.
    `returns_nothing` are the reasons for which a task of it returns nothing that others could take.
    `tears_down` is the parameter that names the task whose setup it tears down; "" for none.
    `cases` are what holds of parameters only beside others. `aliases` are what others call it, as
    `normalized`: a message for such a name proposes the type.
    A type of `any_operator` has `operators`; so has what it becomes for one of them, whose class
    then is its only import, and whose `signature` is None where the catalogue lacks that class.
    """

    name: str
    summary: str
    aliases: frozenset[str]
    template: str
    template_ext: tuple[str, ...]
    imports: Mapping[str, str]
    params: LayerSchema
    cases: tuple[Case, ...]
    formatted: bool
    default_args: Mapping[str, frozenset[str]] | None
    reads_params: bool
    wait_limit: str | None
    sql: TypeSql | None
    skips: str = ""
    returns_nothing: tuple[NoResult, ...] = ()
    tears_down: str = ""
    any_operator: bool = False
    operators: OperatorTypes | None = None
    signature: Signature | None = None

    def has_untimed_wait(self, target: Target) -> bool:
        """Whether Airflow applies no `execution_timeout` to its tasks while they wait. Airflow 3
        applies it to a process: not to what is deferred, unless the operator passes it on, nor to a
        sensor, which begins a process for each look.
        """
        looks = any(name.endswith("Sensor") for name in self.imports)
        return self.wait_limit is not None and target.major > 2 and (looks or target.deferrable)

    @property
    def runs_nothing(self) -> bool:
        """Whether Airflow marks its tasks as done without running them, if they have no outlets."""
        return self.imports.keys() == {"EmptyOperator"}


def read_task_type(
    declaration: Any, file_stem: str, target: Target, *, is_sound: bool = False
) -> TaskType:
    """Reads the type that `tasks/<file_stem>.yaml` declares; SchemaError if it is wrong. Where it
    `is_sound`, not all of it is looked at before it is used.
    """
    if not isinstance(declaration, Mapping):
        raise SchemaError("no mapping of keys at the top")
    if unknown := set(declaration) - _KEYS:
        raise SchemaError(f"unknown key {min(unknown)!r}: {did_you_mean(min(unknown), _KEYS)}")
    if not isinstance(declaration.get("type"), str):
        raise SchemaError("'type' is missing")
    params = declaration.get("params") or {}
    try:
        known = (params.get("properties") or {}).keys()
        return TaskType(
            name=declaration["type"],
            summary=str(declaration.get("summary") or ""),
            aliases=_aliases(declaration),
            template=f"tasks/{file_stem}.py.jinja",
            template_ext=tuple(declaration.get("template_ext") or ()),
            imports=_imports(declaration.get("imports") or {}, target),
            params=compile_layers(params, "params", target, is_sound=is_sound),
            cases=compile_cases(declaration.get("cases") or (), known, target),
            formatted=bool(declaration.get("formatted", False)),
            default_args=_default_args(
                declaration.get("default_args"), declaration.get("imports") or {}
            ),
            reads_params=bool(declaration.get("reads_params", "default_args" not in declaration)),
            wait_limit=_parameter(declaration, "wait_limit"),
            sql=compile_type_sql(declaration.get("sql"), known),
            skips=_skips(declaration),
            returns_nothing=compile_no_results(declaration.get("returns_nothing"), known),
            tears_down=_parameter(declaration, "tears_down") or "",
            any_operator=bool(declaration.get("any_operator", False)),
        )
    except SchemaError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        raise SchemaError(f"something in it has another form than is expected: {error}") from error


def _skips(declaration: Mapping[str, Any]) -> str:
    skips: str = declaration.get("skips", "")
    if skips not in ("", *SKIPS):
        raise SchemaError(f"skips: {did_you_mean(str(skips), SKIPS)}")
    return skips


def _parameter(declaration: Mapping[str, Any], key: str) -> str | None:
    """Reads the parameter that `key` names, if it is there."""
    name: str | None = declaration.get(key)
    known = ((declaration.get("params") or {}).get("properties") or {}).keys()
    if name is not None and name not in known:
        raise SchemaError(f"{key}: no parameter {name!r}: {did_you_mean(str(name), known)}")
    return name


def _default_args(declared: Any, imports: Any) -> dict[str, frozenset[str]] | None:
    if declared is None:
        return None
    by_operator = declared if isinstance(declared, Mapping) else dict.fromkeys(imports, declared)
    for operator, names in by_operator.items():
        if operator not in imports:
            raise SchemaError(f"default_args: {operator!r} is not among the imports")
        for name in names:
            if name not in SHARED_ARGUMENTS:
                hint = did_you_mean(str(name), SHARED_ARGUMENTS)
                raise SchemaError(f"default_args: {name!r} stays with its task: {hint}")
    return {operator: frozenset(names) for operator, names in by_operator.items()}


def unknown_type(name: str, types: Collection[TaskType], path: JsonPath = ()) -> Problem:
    """Returns the problem of a type, named by the value or (at a `path`) by a key, that is none of
    `types`.

    Its hint proposes the type that others call so, or that `name` is a slip of the pen for. (BATCH
    is none for BASH.) Where there is no such type, it says how a row has what `name` is elsewhere.
    """
    names = {normalized(known.name): known.name for known in types}
    word = normalized(name)
    problem = Problem(
        Code.UNKNOWN_TASK_TYPE, f"no task type {name!r}", known_words(names.values()), path
    )
    aliased = [known.name for known in types if word in known.aliases]
    # BashOperator runs BASH, and also DBT.
    aliased = [it for it in aliased if word.startswith(normalized(it))] or aliased
    other = names.get(normalized(other_type(word) or ""))
    meant = other or (aliased[0] if len(aliased) == 1 else None)
    hints = [hint for hint in (type_hint(word), _operator_hint(name, types)) if hint]
    if meant is None and hints:
        return replace(problem, hint=" ".join(hints))
    begun = [full for known, full in names.items() if word and known.startswith(word)]
    if meant is None and len(begun) > 1:
        return replace(problem, hint=f"Several begin so: {', '.join(sorted(begun))}.")
    if meant is None:
        similar = [known for known in names if abs(len(known) - len(word)) < 2]
        slip = nearest(word, similar, _SIMILAR)
        meant = names[slip] if slip else None
    if meant is None:
        return problem
    return problem.proposing_key(meant) if path else problem.proposing(meant)


def _operator_hint(name: str, types: Collection[TaskType]) -> str:
    """Returns how a row runs the operator called `name`, if there is one."""
    for known in types:
        if known.operators is not None and known.operators.knows(name):
            return f'As it is: {known.name}, with {{"operator": "{name}", "arguments": {{…}}}}.'
    return ""


def _aliases(declaration: Mapping[str, Any]) -> frozenset[str]:
    """Returns what the type is also called: its `aliases`, and the operators that it imports."""
    imported = declaration.get("imports") or {}
    operators = [name for name in imported if name.endswith(("Operator", "Sensor"))]
    return frozenset(map(normalized, [*(declaration.get("aliases") or ()), *operators]))


def _imports(declared: Mapping[str, Any], target: Target) -> dict[str, str]:
    """Reads the module of each name in `target`: the entry for "3.0" wins over the one for "3"."""
    modules = {}
    for name, entry in declared.items():
        module = entry
        if isinstance(entry, Mapping):
            module = entry.get(str(target), entry.get(str(target.major)))
            if module is None:
                continue
        if not isinstance(module, str) or not all(map(is_identifier, module.split("."))):
            raise SchemaError(f"imports.{name}: {module!r} is no module")
        if not is_identifier(str(name)):
            raise SchemaError(f"imports: {name!r} is no Python name")
        modules[name] = module
    return modules
