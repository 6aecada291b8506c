"""Makes a task type of each operator that a row names: its schema is the operator's signature."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.rows.operator_arguments import arguments_check
from dagc.compiler.rows.operator_problems import ambiguous_operator, unknown_operator
from dagc.compiler.schema.checks import Check
from dagc.compiler.schema.layers import LayerSchema, compile_layers
from dagc.compiler.schema.no_results import ALWAYS
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.signatures.signature import Signature
from dagc.compiler.targets import Target
from dagc.compiler.task_types import ALL, FOLLOWERS, SHARED_ARGUMENTS, TaskType

_CACHED = 512
"""Operators whose types are kept: more than any deployment uses."""

SKIPPING = {
    "AppflowRecordsShortCircuitOperator": ALL,
    "ApprovalOperator": ALL,
    "BranchDateTimeOperator": FOLLOWERS,
    "BranchDayOfWeekOperator": FOLLOWERS,
    "BranchSQLOperator": FOLLOWERS,
    "HITLBranchOperator": FOLLOWERS,
    "LatestOnlyOperator": FOLLOWERS,
    "SageMakerConditionOperator": FOLLOWERS,
}
"""What the operators skip that are a `SkipMixin` and need no function, which no row can hold."""

WITHOUT_RESULT = frozenset({
    "BranchSQLOperator", "EksPodOperator", "EmptyOperator", "EmrTerminateJobFlowOperator",
    "ExternalTaskSensor", "KubernetesPodOperator", "S3CopyObjectOperator",
    "S3DeleteObjectsOperator", "S3KeySensor", "SQLCheckOperator", "SQLColumnCheckOperator",
    "SQLTableCheckOperator", "SQLValueCheckOperator", "StepFunctionExecutionSensor",
})  # fmt: skip
"""The operators of types that return nothing, which return nothing here either: no row gives an
operator a `do_xcom_push`.
"""


def with_operators(
    task_type: TaskType, operators: Operators, approved: Collection[str], target: Target
) -> TaskType:
    """Returns `task_type`, which knows `operators` and the `approved` classes, if it is one of any
    operator.
    """
    if not task_type.any_operator:
        return task_type
    return task_type._replace(operators=CataloguedTypes(task_type, operators, approved, target))


class CataloguedTypes:
    """The types that `base` becomes: for each operator that `target` has in the catalogue, and for
    each of the `approved` import paths, which are the team's own word.
    """

    def __init__(
        self, base: TaskType, operators: Operators, approved: Collection[str], target: Target
    ) -> None:
        self._base = base
        self._operators = operators
        self._approved = _by_name(approved)
        self._target = target
        self._type_of = lru_cache(_CACHED)(self._new_type)

    def of_row(self, params: Mapping[str, Any], problems: list[Problem]) -> TaskType:
        """Returns the type for the `params` of a row; `base`, and a problem, where the operator is
        none that rows may name.
        """
        name = params.get("operator")
        if name is None:
            problems.append(_no_operator(self._base.name))
        if not isinstance(name, str):
            return self._base
        found = self._operators.find(name, self._target)
        if len(found) == 1:
            problems.extend(_deprecation(found[0], self._target))
            return self._type_of(name)
        paths = [each.path for each in found] or self._approved.get(name, [])
        if len(paths) == 1:
            return self._type_of(name)
        if paths:
            problems.append(ambiguous_operator(name, paths))
        else:
            known = self._operators, self._approved
            problems.append(unknown_operator(name, *known, self._target))
        return self._base

    def knows(self, operator: str) -> bool:
        """Says whether a row can run this operator."""
        found = self._operators.find(operator, self._target)
        approved = self._approved.get(operator, ())
        return len(approved) == 1 or any(map(takes_literals, found))

    def _new_type(self, name: str) -> TaskType:
        found = self._operators.find(name, self._target)
        signature = found[0] if found else None
        path = found[0].path if found else self._approved[name][0]
        module, _, class_name = path.rpartition(".")
        taken = frozenset(SHARED_ARGUMENTS).intersection(signature.arguments if signature else ())
        return self._base._replace(
            imports={class_name: module},
            params=self._schema(name, signature),
            default_args={class_name: taken} if signature else None,
            template_ext=signature.template_ext if signature else (),
            operators=self,
            signature=signature,
            skips=SKIPPING.get(class_name, ""),
            returns_nothing=ALWAYS if class_name in WITHOUT_RESULT else (),
        )

    def _schema(self, name: str, signature: Signature | None) -> LayerSchema:
        """The schema of the base, for this operator and its arguments alone."""
        declared = self._base.params.declared
        properties = dict(declared["properties"])
        properties["operator"] = {**properties["operator"], "enum": [name]}
        check, properties["arguments"] = arguments_check(
            properties["arguments"], name, signature, self._operators, self._target
        )
        schema = compile_layers({**declared, "properties": properties}, name, self._target)
        own: dict[str, Check] = {"operator": partial(_same_operator, name), "arguments": check}
        return replace(schema, properties={**schema.properties, **own})


def _by_name(approved: Collection[str]) -> dict[str, list[str]]:
    """The import paths that are approved, by what rows may call them: the path, or its class."""
    paths: dict[str, list[str]] = {}
    for path in sorted(set(approved)):
        for name in {path, path.rpartition(".")[2]}:
            paths.setdefault(name, []).append(path)
    return paths


def _same_operator(name: str, value: Any, path: JsonPath, problems: list[Problem]) -> Any:
    """Checks what parameters of a task say of its operator: its row says it."""
    if value == name:
        return value
    message = f"the task runs {name}, as its row says"
    hint = "Leave it out here: only the row of a task names its operator."
    problems.append(Problem(Code.BAD_VALUE, message, hint, path))
    return None


def takes_literals(signature: Signature) -> bool:
    """Whether none of the arguments that must be given is an object of Python."""
    return not any(it.required and it.kinds == ("python",) for it in signature.arguments.values())


def _no_operator(type_name: str) -> Problem:
    return Problem(
        Code.MISSING_PARAMETER,
        f"{type_name} needs 'operator'",
        "Name the class of an operator or sensor here, in the task's row.",
    )


def _deprecation(signature: Signature, target: Target) -> list[Problem]:
    if not signature.replaced_by:
        return []
    message = f"{signature.name} is deprecated in the Airflow {target} that files are compiled for"
    hint = f"Use instead: {signature.replaced_by}."
    return [Problem(Code.UNSUPPORTED, message, hint, ("operator",), Severity.WARNING)]
