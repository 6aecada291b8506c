"""What is wrong with the operator that a row names, or with the name of an argument."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from dagc.compiler.diagnostics import Code, JsonPath, Problem, nearest
from dagc.compiler.python_source.identifiers import is_identifier
from dagc.compiler.rows.settings import TASK_CONFIG
from dagc.compiler.schema.other_names import setting_hint
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.signatures.signature import Signature
from dagc.compiler.targets import TARGETS, Target

_SIMILAR = 0.75
"""How alike a name and the one that it is a slip of the pen for must be, as `nearest` counts."""
_OPERATOR: JsonPath = ("operator",)
_OF_EVERY_OPERATOR = {
    *TASK_CONFIG, "allow_nested_operators", "dag", "default_args", "do_xcom_push", "doc",
    "doc_json", "doc_rst", "doc_yaml", "email", "email_on_failure", "email_on_retry", "end_date",
    "executor", "executor_config", "ignore_first_depends_on_past", "inlets", "logger_name",
    "map_index_template", "max_active_tis_per_dag", "max_active_tis_per_dagrun", "max_retry_delay",
    "multiple_outputs", "on_execute_callback", "on_failure_callback", "on_retry_callback",
    "on_skipped_callback", "on_success_callback", "pool_slots", "post_execute", "pre_execute",
    "resources", "run_as_user", "sla", "start_date", "task_display_name", "task_group", "task_id",
    "wait_for_downstream", "wait_for_past_depends_before_skipping", "weight_rule",
}  # fmt: skip
"""What `BaseOperator` takes in any target: the rows have settings for it, or nothing has."""


def ambiguous_operator(name: str, paths: Collection[str]) -> Problem:
    """Returns the problem of a name that the classes at all these import `paths` have."""
    message = f"{len(paths)} operators are called {name!r}"
    return Problem(Code.BAD_VALUE, message, f"Write one of {', '.join(sorted(paths))}.", _OPERATOR)


def unknown_operator(
    name: str, operators: Operators, approved: Collection[str], target: Target
) -> Problem:
    """Returns the problem of an operator that `target` lacks, and that is none of `approved`."""
    if not all(map(is_identifier, name.split("."))):
        message = f"{name[:60]!r} names no operator"
        hint = "Write the name of a class, or its whole import path."
        return Problem(Code.BAD_VALUE, message, hint, _OPERATOR)
    if not operators.names(target):
        message = f"the catalogue of operators has none of Airflow {target}"
        hint = "Let defaults.yaml approve the class: default: {operators: [package.module.Class]}."
        return Problem(Code.UNSUPPORTED, message, hint, _OPERATOR)
    if elsewhere := operators.targets(name):
        return _of_another_airflow(name, operators, elsewhere, target)
    problem = _unapproved(name, operators, target)
    if slip := nearest(name, approved, _SIMILAR):
        return problem.proposing(slip)
    if "." in name and not name.startswith("airflow."):
        return problem
    near = operators.renamed(name) or _similar(name.rpartition(".")[2], operators.names(target))
    if near and len(operators.find(near, target)) == 1:
        return _none(name).proposing(near)
    return problem if "." in name else _none(name)


def _none(name: str) -> Problem:
    hint = (
        "Write the class of an operator of Airflow or of a provider in the catalogue; any other "
        "one by its whole import path, such as 'package.module.Class'."
    )
    return Problem(Code.UNKNOWN_NAME, f"no operator {name!r}", hint, _OPERATOR)


def _of_another_airflow(
    name: str, operators: Operators, elsewhere: Sequence[Target], target: Target
) -> Problem:
    """Returns the problem of an operator that only the Airflows `elsewhere` have."""
    message = f"the catalogue of Airflow {target} and its providers has no {name!r}"
    problem = Problem(Code.UNSUPPORTED, message, "", _OPERATOR)
    if later := [each for each in elsewhere if each > target]:
        hint = f"Airflow {later[0]} has it: deploy for that version, or name another operator."
        return replace(problem, hint=hint)
    successor = operators.find(name, elsewhere[-1])[0].replaced_by.split(", ")[0].rpartition(".")[2]
    had = f"Airflow {elsewhere[-1]} had it"
    if successor and operators.find(successor, target):
        return replace(problem, hint=f"{had}; Airflow names {successor} in its place.")
    return replace(problem, hint=f"{had}: name another operator.")


def _unapproved(path: str, operators: Operators, target: Target) -> Problem:
    """Returns the problem of an import path that neither the catalogue nor the team knows."""
    message = f"{path!r} is neither in the catalogue of Airflow {target} nor approved"
    if operators.is_unread(path, target):
        message = f"the catalogue of Airflow {target} could not read the module of {path!r}"
    return Problem(
        Code.UNKNOWN_NAME,
        message,
        f"If rows may name it, say so in defaults.yaml: default: {{operators: [{path}]}}.",
        _OPERATOR,
    )


def argument_problem(
    problem: Problem, signature: Signature, operators: Operators, target: Target
) -> Problem:
    """Returns the problem of an unknown argument with what is known of it elsewhere: that it needs
    an object of Python, is a setting, or belongs to another Airflow's operator.
    """
    name = str(problem.path[-1])
    known = signature.arguments.get(name)
    if hint := hint_at_setting(name):
        return setting_problem(hint, problem.path)
    if known is not None:
        return python_problem(signature, name, problem.path)
    takers = tuple(
        other
        for other in TARGETS
        if any(name in each.arguments for each in operators.find(signature.path, other))
    )
    if takers:
        message = f"the {signature.name} of Airflow {target} has no {name!r}"
        hint = _since(takers, target)
        return replace(problem, code=Code.UNSUPPORTED, message=message, hint=hint, proposal="")
    message = f"{signature.name} has no argument {name!r}"
    return replace(problem, message=message)


def hint_at_setting(name: str) -> str | None:
    """Returns what to do about an argument that every operator has; None if it is no such."""
    if name not in _OF_EVERY_OPERATOR:
        return None
    if name in TASK_CONFIG:
        return "It is a setting, not an argument: put it into the job's job_task_configs."
    return setting_hint(name) or "Leave it out: no row sets it."


def python_problem(signature: Signature, argument: str, path: JsonPath) -> Problem:
    """Returns the problem of an argument that only an object of Python will do for."""
    return Problem(
        Code.BAD_TYPE,
        f"{argument!r} of {signature.name} is an object of Python, which no row can hold",
        "Use PYTHON, or a type of your own (docs/task-types.md)."
        if signature.arguments[argument].required
        else "Leave it out; or use PYTHON, or a type of your own (docs/task-types.md).",
        path,
    )


def setting_problem(hint: str, path: JsonPath) -> Problem:
    """Returns the problem of an argument that every operator has, with the hint about it."""
    message = f"{path[-1]!r} is an argument of every operator"
    return Problem(Code.UNKNOWN_KEY, message, hint, path)


def _since(targets: Sequence[Target], target: Target) -> str:
    later = [each for each in targets if each > target]
    if later:
        return f"That of Airflow {later[0]} has: leave it out, or deploy for that version."
    return f"That of Airflow {targets[-1]} had: leave it out."


def _similar(name: str, known: Collection[str]) -> str | None:
    """Returns the one of `known` that `name` is a slip of the pen for. How they end says little."""
    ending = next((word for word in ("Operator", "Sensor") if name.endswith(word)), "")
    stems = {other.removesuffix(ending): other for other in known if other.endswith(ending)}
    near = nearest(name.removesuffix(ending), stems, _SIMILAR)
    return stems[near] if near else None
