"""Checks the arguments of an operator against its signature."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.rows.operator_problems import (
    argument_problem,
    hint_at_setting,
    python_problem,
    setting_problem,
)
from dagc.compiler.rows.operator_waits import with_waits
from dagc.compiler.schema.checks import Check, Schema, Surroundings, compile_check
from dagc.compiler.schema.messages import unrendered
from dagc.compiler.schema.result_slips import result_problems
from dagc.compiler.schema.task_results import Result, read_result, takes_result
from dagc.compiler.schema.templated_texts import has_jinja
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.signatures.signature import Argument, Signature
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType

_JSON_KINDS = ("string", "integer", "number", "boolean", "object", "array", "null")
_ANYTHING = list(_JSON_KINDS)
_MODE: Schema = {"type": "string", "enum": ["poke", "reschedule"]}
"""What `mode` of a sensor may be; Airflow refuses the file otherwise."""


def arguments_check(
    declared: Schema,
    name: str,
    signature: Signature | None,
    operators: Operators,
    target: Target,
) -> tuple[Check, Schema]:
    """Returns the check of the `arguments` of the operator `name`, and their schema, which is
    `declared` and what the signature says. Without a signature, they are taken as they are.
    """
    around = Surroundings(target=target)
    if signature is None:
        schema = {**declared, "format": "identifier-keys"}
        return _without_settings(compile_check(schema, name, around)), schema
    schema = {**declared, "properties": _properties(signature), "additionalProperties": False}
    compiled = compile_check(schema, name, around)

    def check(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        found: list[Problem] = []
        results = _results(value, schema["properties"], path, problems)
        own = {n: it for n, it in value.items() if n not in results} if results else value
        result = compiled(own, path, found)
        for problem in found:
            is_argument = problem.path[:-1] == path and problem.code is Code.UNKNOWN_KEY
            problems.append(
                argument_problem(problem, signature, operators, target) if is_argument else problem
            )
        problems.extend(_unrendered(result, path, signature))
        if result is None or None in results.values():
            return None
        return {**result, **results} if results else result

    return check, schema


def _properties(signature: Signature) -> dict[str, Schema]:
    """The schemas of the arguments that rows may give."""
    return {
        name: _MODE if signature.sensor and name == "mode" else argument_schema(argument)
        for name, argument in signature.arguments.items()
        if argument.kinds != ("python",) and not hint_at_setting(name)
    }


def _results(
    value: Any, declared: Mapping[str, Schema], path: JsonPath, problems: list[Problem]
) -> dict[str, Result | None]:
    """Returns the arguments that are results of tasks, where an object would be no value; None for
    one that is wrong.
    """
    found: dict[str, Result | None] = {}
    for name, given in value.items() if isinstance(value, dict) else ():
        if takes_result(declared.get(name, {})):
            slips = result_problems(given, (*path, name))
            problems.extend(slips)
            if slips or read_result(given):
                found[name] = read_result(given)
    return found


def argument_schema(argument: Argument) -> Schema:
    """Returns the schema of the values that `argument` may have.

    What JSON lacks is written as a text, where the argument takes none itself: a `timedelta` as a
    duration, a `datetime` as a date.
    """
    kinds = [kind for kind in _JSON_KINDS if kind in argument.kinds]
    schema: dict[str, Any] = {"templated": True} if argument.templated else {}
    if not argument.kinds:
        return {**schema, "type": _ANYTHING}
    if "string" not in kinds:
        nothing = [kind for kind in kinds if kind == "null"]
        if "timedelta" in argument.kinds:
            written = ["integer", "number", "string", *nothing]
            return {**schema, "type": written, "format": "duration"}
        if "datetime" in argument.kinds:
            return {**schema, "type": ["string", *nothing], "format": "date-time"}
    return {**schema, "type": kinds or _ANYTHING}


def merged_argument_problems(task_type: TaskType, params: Mapping[str, Any]) -> Iterator[Problem]:
    """Returns a problem for each argument that the operator of `task_type` needs and the merged
    `params` lack, and of two that Airflow refuses together.
    """
    arguments = params.get("arguments", {})
    if task_type.signature is None or not isinstance(arguments, Mapping):
        return
    if task_type.signature.sensor and arguments.get("soft_fail") and arguments.get("never_fail"):
        message = f"{task_type.signature.name} takes only one of 'soft_fail', 'never_fail'"
        yield Problem(Code.CONTRADICTION, message, "Keep one of them.", ("arguments",))
    for name, argument in task_type.signature.arguments.items():
        if not argument.required or name in arguments or hint_at_setting(name):
            continue
        if argument.kinds == ("python",):
            yield python_problem(task_type.signature, name, ("operator",))
        else:
            yield Problem(
                Code.MISSING_PARAMETER,
                f"{task_type.signature.name} needs the argument {name!r}",
                "Set it here, or in the job's job_task_configs.",
                ("arguments",),
            )


def inherited_arguments(task_type: TaskType, params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns those of the arguments that `params` hold for all operators which that of
    `task_type` takes.
    """
    arguments = params.get("arguments")
    taken = task_type.signature.arguments if task_type.signature else {}
    if not isinstance(arguments, Mapping):
        return {}
    return {"arguments": {name: arguments[name] for name in arguments if name in taken}}


def in_order(task_type: TaskType, params: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """Returns `params` with the arguments in the order of the signature, the required ones first;
    with how the task waits where nothing is said of it.
    """
    arguments = params.get("arguments", {})
    if not isinstance(arguments, Mapping):
        return dict(params)
    if task_type.signature is None:
        return {**params, "arguments": dict(sorted(arguments.items()))}
    known = task_type.signature.arguments
    arguments = with_waits(task_type.signature, arguments, target)
    names = sorted(known, key=lambda name: not known[name].required)
    ordered = {name: arguments[name] for name in names if name in arguments}
    return {**params, "arguments": ordered}


def _without_settings(check: Check) -> Check:
    """Adds to the check of arguments that none of them is one that every operator has."""

    def check_names(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        before = len(problems)
        problems.extend(
            setting_problem(hint, (*path, name))
            for name in (value if isinstance(value, dict) else ())
            if (hint := hint_at_setting(name))
        )
        result = check(value, path, problems)
        return None if len(problems) > before else result

    return check_names


def _unrendered(value: Any, path: JsonPath, signature: Signature) -> Iterator[Problem]:
    """Returns a warning for each text with Jinja in an argument that is not templated: an operator
    may still put it where Airflow renders it.
    """
    for name, entry in value.items() if isinstance(value, dict) else ():
        if not signature.arguments[name].templated:
            for at in _jinja(entry, (*path, name)):
                yield replace(unrendered(at), severity=Severity.WARNING)


def _jinja(value: Any, path: JsonPath) -> Iterator[JsonPath]:
    if isinstance(value, str) and has_jinja(value):
        yield path
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _jinja(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _jinja(entry, (*path, index))
