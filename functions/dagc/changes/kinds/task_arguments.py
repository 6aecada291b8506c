"""What an operator is really given: its own arguments, and what `default_args` leave to it."""

import ast
from collections.abc import Iterable, Mapping

from dagc.changes.kinds.canonical_tree import same
from dagc.changes.kinds.file_reading import Arguments, FileReading, TaskReading
from dagc.compiler import Toolchain

OF_EVERY_OPERATOR = frozenset({
    "allow_nested_operators", "depends_on_past", "do_xcom_push", "doc", "doc_json", "doc_md",
    "doc_rst", "doc_yaml", "email", "email_on_failure", "email_on_retry", "end_date",
    "execution_timeout", "executor", "executor_config", "ignore_first_depends_on_past", "inlets",
    "logger_name", "map_index_template", "max_active_tis_per_dag", "max_active_tis_per_dagrun",
    "max_retry_delay", "multiple_outputs", "on_execute_callback", "on_failure_callback",
    "on_retry_callback", "on_skipped_callback", "on_success_callback", "outlets", "owner", "params",
    "pool", "pool_slots", "post_execute", "pre_execute", "priority_weight", "queue",
    "render_template_as_native_obj", "resources", "retries", "retry_delay",
    "retry_exponential_backoff", "retry_policy", "run_as_user", "sla", "start_date",
    "task_concurrency", "task_display_name", "trigger_rule", "wait_for_downstream",
    "wait_for_past_depends_before_skipping", "weight_rule",
})  # fmt: skip
"""The arguments of Airflow's BaseOperator, 2.10 to 3.3, but for those that name other objects."""

Taken = Mapping[str, frozenset[str]]
"""By operator, arguments that it takes from `default_args`."""

_TRIGGER = frozenset({
    "trigger_run_id", "logical_date", "reset_dag_run", "wait_for_completion", "poke_interval",
    "deferrable", "conf", "fail_when_dag_is_paused",
})  # fmt: skip

_OF_RETRIES = frozenset({"retry_delay", "retry_exponential_backoff", "max_retry_delay"})
"""These say nothing of a task that is not retried."""


def taken_arguments(toolchain: Toolchain) -> Taken:
    """What the task types of `toolchain` say of their operators."""
    taken: dict[str, frozenset[str]] = {}
    for task_type in toolchain.types.values():
        for operator, names in (task_type.default_args or {}).items():
            taken[operator] = taken.get(operator, frozenset()) | names
    return taken


class Inheritance:
    """Which operators of two files take which of `default_args`.

    That is known of what every operator takes and of `taken`; and where a task of the operator is
    given the argument by itself, in either file. Others are taken to ignore it, as long as some
    operator is known to take it.
    """

    def __init__(self, before: FileReading, after: FileReading, taken: Taken) -> None:
        self._taken = {"TriggerDagRunOperator": _TRIGGER, "EmptyOperator": frozenset(), **taken}
        self._declared = frozenset().union(*taken.values())
        tasks = [*before.tasks.values(), *after.tasks.values()]
        self._operators = {task.operator for task in tasks}
        self._given = {(task.operator, name) for task in tasks for name in task.arguments}
        self._kept = {task.operator for id_, task in after.tasks.items() if id_ in before.tasks}

    def arguments(self, task: TaskReading, file: FileReading) -> Arguments:
        """All that the operator of `task` is given in `file`, but for what has no effect."""
        inherited = {
            name: value
            for name, value in file.default_args.items()
            if self._takes(task.operator, name)
        }
        arguments = inherited | task.defaults | task.arguments
        retries = arguments.get("retries")
        if isinstance(retries, ast.Constant) and retries.value == 0:
            return {name: arguments[name] for name in arguments if name not in _OF_RETRIES}
        return arguments

    def unexplained(self, before: FileReading, after: FileReading) -> tuple[Arguments, Arguments]:
        """The entries of both `default_args` that differ, that no operator is known to take, and
        that one of a task in both files may take.
        """
        first, second = before.default_args, after.default_args
        names = {
            name
            for name in first.keys() | second.keys()
            if not same(first.get(name), second.get(name))
            and not any(self._takes(operator, name) for operator in self._operators)
            and not all(self._ignores(operator, name) for operator in self._kept)
        }
        return _only(first, names), _only(second, names)

    def _takes(self, operator: str, name: str) -> bool:
        return (
            name in OF_EVERY_OPERATOR
            or name in self._taken.get(operator.rpartition(".")[2], ())
            or (operator, name) in self._given
        )

    def _ignores(self, operator: str, name: str) -> bool:
        """Whether it is known that the operator does not take the argument."""
        operator = operator.rpartition(".")[2]
        return operator == "EmptyOperator" or (operator in self._taken and name in self._declared)


def _only(arguments: Arguments, names: Iterable[str]) -> Arguments:
    return {name: arguments[name] for name in arguments if name in set(names)}
