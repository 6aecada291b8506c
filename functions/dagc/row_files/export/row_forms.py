"""How a row is best written in YAML: in which order, and with which tags."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dagc.compiler import JOB, SCHEDULER, TASK, Item
from dagc.row_files.reading.json_text import json_document, json_text

_ORDER = {
    TASK: ("task_id", "task_name", "task_type", "status", "task_params"),
    JOB: (
        "job_type", "job_id", "job_name", "status", "task_list", "job_task_dependencies",
        "job_task_configs", "job_params",
    ),
    SCHEDULER: (
        "schedule_id", "schedule_name", "schedule_description", "status", "job_list",
        "schedule_job_dependencies", "schedule_job_configs", "schedule_params",
    ),
}  # fmt: skip
"""The attributes as one reads them; others come last."""
_JSON = re.compile(r".*_(params|list|dependencies|configs)")
"""Attributes that may be JSON."""


class Tagged(NamedTuple):
    """What a row file has with a tag: `!json`, or the name of a file with `!file`."""

    tag: str
    content: Any


def written_form(table: str, item: Item, *, unfold: bool = True) -> dict[str, Any]:
    """The item as a row file has it, its attributes in order, its JSON texts unfolded."""
    order = _ORDER[table]
    names = sorted(item, key=lambda name: (order.index(name) if name in order else 99, name))
    return {name: value_form(table, name, item[name], unfold=unfold) for name in names}


def value_form(table: str, name: str, value: Any, *, unfold: bool = True) -> Any:
    """An attribute as a row file has it."""
    if unfold and isinstance(value, str) and name in _ORDER[table] and _JSON.fullmatch(name):
        document = unfolded(value)
        return value if document is None else Tagged("!json", document)
    return ordered(value)


def unfolded(text: str) -> Any:
    """The document of a text that is JSON, an object or a list; None of another text."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document = json_document(text)
        json_text(document).encode()
    except (ValueError, RecursionError):  # half a character, among others
        return None
    return document


def ordered(value: Any) -> Any:
    """A value, the keys of its objects, which have no order of their own, in one that stays."""
    if isinstance(value, Mapping):
        return {key: ordered(value[key]) for key in sorted(value, key=_place)}
    return list(map(ordered, value)) if isinstance(value, list) else value


def _place(key: str) -> tuple[bool, list[tuple[int, str]]]:
    """Where a key stands: the id of a dependency before what it waits for."""
    return key not in ("task_id", "job_id"), natural(key)


def natural(text: str) -> list[tuple[int, str]]:
    """What texts are ordered by, so that 2 comes before 10."""
    parts = re.split(r"([0-9]+)", text)
    return [(len(part.lstrip("0")) if part.isdecimal() else 0, part) for part in parts]


def with_files(
    form: dict[str, Any], parameter: str, name: Callable[[int | None], str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """A task's form, the SQL in `parameter` in a file of its own, or in one for each statement of
    its list; and these texts by the name of their file. `name` makes one, for an index of the list.
    """
    params = form.get("task_params")
    document = params.content if isinstance(params, Tagged) else params
    if not isinstance(document, dict):
        return form, {}
    value = document.get(parameter)
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(text, str) and fits_file(text) for text in entries):
        return form, {}
    if isinstance(value, list):
        names = [name(index) for index in range(len(entries))]
        put: Any = [Tagged("!file", file) for file in names]
    else:
        names = [name(None)]
        put = Tagged("!file", names[0])
    changed = {**document, parameter: put}
    whole = Tagged("!json", changed) if isinstance(params, Tagged) else changed
    return {**form, "task_params": whole}, dict(zip(names, entries, strict=True))


def fits_file(text: str) -> bool:
    """Whether a file of its own gives the text back, and is worth it."""
    return bool(text.strip()) and "\r" not in text and not text.startswith("\ufeff")
