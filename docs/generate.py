"""Writes the pages that are made of the schemas: `python -m docs.generate` (make docs)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from dagc.compiler.catalog.sources import built_in_templates, read_sources
from dagc.compiler.rows.on_failure import ON_FAILURE
from dagc.compiler.rows.settings import JOB_PARAMS, SCHEDULE_PARAMS, TASK_CONFIG, TRIGGER_CONFIG

FOLDER = Path(__file__).parent
MADE_BY = "<!-- Made by `make docs` from the schemas: edit those. -->"

_TYPE_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true/false",
    "object": "object",
    "array": "list",
}
_FORMAT_NAMES = {
    "duration": "duration",
    "length": "duration",
    "date-time": "date",
    "time-zone": "time zone",
    "schedule": "cron, preset, seconds or null",
    "callable": "`package.module:function`",
    "name": "name",
    "sns-topic": "ARN",
    "email": "address",
}
_SETTINGS = (
    ("schedule_params", "of a scheduler, in `mwaa_scheduler`", SCHEDULE_PARAMS),
    ("schedule_job_configs", "by job id: of one job in a scheduler", TRIGGER_CONFIG),
    ("job_params", "of a job, in `mwaa_job`", JOB_PARAMS),
    ("job_task_configs", "by task id: of one task in a job", TASK_CONFIG),
    ("on_failure", "in each of these: where [failures are told](alerts.md)", ON_FAILURE),
)


def pages() -> dict[str, str]:
    """Each generated page by its file name."""
    return {"settings.md": _settings_page(), "task-types.md": _task_types_page()}


def _settings_page() -> str:
    intro = (FOLDER / "settings.intro.md").read_text()
    sections = [
        f"## `{attribute}`\n\nThe settings {whose}.\n\n{_table(properties, ())}"
        for attribute, whose, properties in _SETTINGS
    ]
    return "\n\n".join([MADE_BY, intro.rstrip(), *sections]) + "\n"


def _task_types_page() -> str:
    intro = (FOLDER / "task-types.intro.md").read_text()
    catalog, _ = read_sources([built_in_templates()])
    declared = sorted(catalog.declarations.values(), key=lambda each: each["type"])
    return "\n\n".join([MADE_BY, intro.rstrip(), *map(_task_type, declared)]) + "\n"


def _task_type(declared: Mapping[str, Any]) -> str:
    params = declared.get("params") or {}
    lines = [f"## {declared['type']}", declared["summary"]]
    if properties := params.get("properties"):
        lines.append(_table(properties, params.get("required", ())))
    lines += _needs(params)
    if examples := params.get("examples"):
        texts = (yaml.dump(each, Dumper=_Dumper, sort_keys=False).rstrip() for each in examples)
        lines.append("```yaml\n" + "\n---\n".join(texts) + "\n```")
    return "\n\n".join(lines)


def _needs(params: Mapping[str, Any]) -> Iterator[str]:
    if any_of := params.get("anyOf"):
        choices = [" with ".join(f"`{name}`" for name in each["required"]) for each in any_of]
        yield f"Also needs {', or '.join(choices)}."
    for names in params.get("exclusive", ()):
        listed = ", ".join(f"`{name}`" for name in names)
        yield f"Only one of {listed}: what a later layer gives replaces an earlier layer's."


def _table(properties: Mapping[str, Mapping[str, Any]], required: object) -> str:
    rows = ["| name | value | meaning |", "|---|---|---|"]
    for name, schema in properties.items():
        needed = " **Required.**" if isinstance(required, list) and name in required else ""
        rows.append(f"| `{name}` | {_value(schema)} | {schema['description']}{needed} |")
    return "\n".join(rows)


def _value(schema: Mapping[str, Any]) -> str:
    if name := _FORMAT_NAMES.get(schema.get("format", "")):
        text = name
    elif "enum" in schema:
        text = ", ".join(f"`{value}`" for value in schema["enum"])
    else:
        kinds = schema.get("type", "any")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        text = " or ".join(_TYPE_NAMES.get(kind, kind) for kind in kinds if kind != "null")
    if schema.get("templated"):
        text += ", templated"
    if "default" in schema:
        text += f"; `{json.dumps(schema['default'])}` unless set"
    return text


class _Dumper(yaml.SafeDumper):
    """Prints a text of several lines as a block, as an author would."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


if __name__ == "__main__":
    for file_name, content in pages().items():
        (FOLDER / file_name).write_text(content)
