"""JSON texts, for operators that take an object or a list only as a text."""

import json
from typing import Any

from dagc.compiler.schema.task_results import Mapped


def as_json_text(value: Any, native: bool = False) -> Any:  # noqa: FBT001, FBT002  as a template writes it
    """Returns the JSON text of an object or list; any other value as it is.

    In a DAG that renders to `native` values, a text begins with a blank: Python then reads no
    literal in it, so that Jinja leaves it a text (`jinja2.nativetypes.native_concat`).
    """
    if isinstance(value, Mapped) and isinstance(value.value, list):
        return Mapped([as_json_text(entry, native) for entry in value.value])
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f" {value}" if native and isinstance(value, str) else value
