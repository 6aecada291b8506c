"""The filters and tests that templates have beside Jinja's own."""

from collections.abc import Callable, Mapping
from typing import Any

from dagc.compiler.python_source import conditions
from dagc.compiler.python_source.identifiers import is_identifier
from dagc.compiler.python_source.nodes import Call, ImportFrom, RawSource
from dagc.compiler.schema.task_results import Mapped
from dagc.compiler.templating.dbt import dbt_command, dbt_environment
from dagc.compiler.templating.json_texts import as_json_text
from dagc.compiler.templating.placeholders import ABSENT


def import_function(name: str) -> ImportFrom:
    """Returns the import of the function of "package.module:function"."""
    module = name.partition(":")[0]
    for part in module.split("."):
        _identifier(part)
    return ImportFrom(module, function(name).text)


def function(name: str) -> RawSource:
    """Returns the name of the function of "package.module:function"."""
    return _identifier(name.partition(":")[2])


def unless_starting(value: Any, other: Any, prefix: str) -> Any:
    """Returns `value`; absent where `other`, a text or one of a list of texts, starts with
    `prefix`.
    """
    other = other.value if isinstance(other, Mapped) else other
    texts = other if isinstance(other, list) else [other]
    found = any(isinstance(text, str) and text.startswith(prefix) for text in texts)
    return ABSENT if found else value


def result(task_id: str) -> str:
    """Returns the text that Airflow renders to what the task called `task_id` returned."""
    return f"{{{{ ti.xcom_pull(task_ids='{task_id}') }}}}"


def call(arguments: Mapping[str, Any], name: str) -> Call:
    """Returns the call of the class `name`, which the type imports, with `arguments`; in the order
    of their names, for the maps of DynamoDB have none.
    """
    return Call(name, keywords={_identifier(it).text: arguments[it] for it in sorted(arguments)})


def condition(values: Mapping[str, Any], negated: bool = False) -> RawSource:  # noqa: FBT001, FBT002  as a template writes it
    """Returns the condition that params have `values`, or its opposite."""
    return RawSource(conditions.condition(values, negated=negated))


def is_present(value: Any) -> bool:
    """Says whether an optional parameter is given."""
    return value is not ABSENT


def _identifier(text: str) -> RawSource:
    if not is_identifier(text):
        raise ValueError(f"{text!r} is no Python identifier")
    return RawSource(text)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "call": call,
    "condition": condition,
    "import_function": import_function,
    "function": function,
    "dbt_command": dbt_command,
    "dbt_environment": dbt_environment,
    "json_text": as_json_text,
    "result": result,
    "unless_starting": unless_starting,
}
