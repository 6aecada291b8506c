"""Writes the pages that are made of the schemas: `python -m docs.generate` (make docs).

In English, and in Chinese: what comes from a schema, or stands here, goes through a catalogue of
translations, by its English text. So a text that changes has no translation until it gets one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from dagc.compiler.catalog.sources import built_in_templates, read_sources
from dagc.compiler.rows.fallbacks import JOB_FALLBACKS, SCHEDULER_FALLBACKS
from dagc.compiler.rows.lateness import DEADLINE
from dagc.compiler.rows.on_failure import ON_FAILURE
from dagc.compiler.rows.param_schemas import PARAM_SCHEMA
from dagc.compiler.rows.settings import JOB_PARAMS, SCHEDULE_PARAMS, TASK_CONFIG, TRIGGER_CONFIG
from docs.plan_transcript import transcript
from docs.shipped import supply_chain_page
from docs.template_names import templates_page

FOLDER = Path(__file__).parent
CHINESE = FOLDER / "zh"
CATALOGUE = CHINESE / "catalogue.yaml"
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
    "poke-interval": "duration",
    "date-time": "date",
    "time-zone": "time zone",
    "schedule": "cron, preset, duration or null",
    "callable": "`package.module:function`",
    "name": "name",
    "sns-topic": "ARN",
    "email": "address",
}

_MAPPED = {False: ", not mapped", "lists": ", mapped over a list alone"}
_NO_RESULT = {"none": ", no result"}
"""What there is to say of a templated parameter by its `mapped`, and by its `results`."""


def _with_defaults(
    properties: Mapping[str, Mapping[str, Any]], fallbacks: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """The schemas of settings, each with what dagc sets unless a row or the defaults do."""
    return {
        name: {**schema, "default": fallbacks[name]} if name in fallbacks else schema
        for name, schema in properties.items()
    }


_SETTINGS = (
    (
        "schedule_params",
        "The settings of a scheduler, in `mwaa_scheduler`.",
        _with_defaults(SCHEDULE_PARAMS, SCHEDULER_FALLBACKS),
    ),
    (
        "schedule_job_configs",
        "The settings by job id: of one job in a scheduler.",
        TRIGGER_CONFIG,
    ),
    (
        "job_params",
        "The settings of a job, in `mwaa_job`.",
        _with_defaults(JOB_PARAMS, JOB_FALLBACKS),
    ),
    ("job_task_configs", "The settings by task id: of one task in a job.", TASK_CONFIG),
    (
        "param_schemas",
        "What is said of [one param](templates.md#params-with-a-form), in JSON Schema's words.",
        PARAM_SCHEMA,
    ),
    (
        "deadline",
        "The settings of [a deadline](alerts.md#deadlines): when a run is late, and who is told.",
        DEADLINE,
    ),
    (
        "on_failure",
        "The settings in each of these: where [failures are reported](alerts.md).",
        ON_FAILURE,
    ),
)


Translate = Callable[[str], str]
"""Gives the text of a page in its language, for the English one."""


def pages() -> dict[str, str]:
    """Make every generated page; returns them by their paths in this folder.

    What texts may use (`templates.md`), plans (`plan.md`) and the supply chain are there in English
    alone.
    """
    catalogue = translations()
    english = {name: make(FOLDER, str) for name, make in _PAGES.items()}
    chinese = {
        f"zh/{name}": make(CHINESE, lambda text: catalogue.get(text, text))
        for name, make in _PAGES.items()
    }
    templates = f"{MADE_BY}\n\n{templates_page(FOLDER)}"
    return {
        **english,
        **chinese,
        "templates.md": templates,
        "plan.md": _plan_page(),
        "supply-chain.md": supply_chain_page(FOLDER),
    }


def _plan_page() -> str:
    """Make the page of plans: what stands in its beginning, with a plan as it is printed."""
    page = (FOLDER / "plan.intro.md").read_text(encoding="utf-8")
    made_by = "<!-- Made by `make docs` from plan.intro.md and a real plan: edit that page. -->"
    return f"{made_by}\n\n" + page.replace("<!-- transcript -->", f"```text\n{transcript()}\n```")


def translations() -> dict[str, str]:
    """Read the catalogue; returns its Chinese texts by their English ones."""
    entries = yaml.safe_load(CATALOGUE.read_text("utf-8")) or []
    return {entry["en"]: entry["zh"] for entry in entries}


def catalogued_texts() -> set[str]:
    """Collect the English texts of the generated pages, which the catalogue has to translate."""
    texts: set[str] = set()

    def note(text: str) -> str:
        texts.add(text)
        return text

    for make in _PAGES.values():
        make(FOLDER, note)
    return texts


def _settings_page(folder: Path, translate: Translate) -> str:
    intro = (folder / "settings.intro.md").read_text("utf-8")
    sections = [
        f"## `{attribute}`\n\n{translate(what)}\n\n{_table(properties, (), translate)}"
        for attribute, what, properties in _SETTINGS
    ]
    return "\n\n".join([MADE_BY, intro.rstrip(), *sections]) + "\n"


def _task_types_page(folder: Path, translate: Translate) -> str:
    intro = (folder / "task-types.intro.md").read_text("utf-8")
    catalog, _ = read_sources(built_in_templates(), None)
    declared = sorted(catalog.declarations.values(), key=lambda declaration: declaration["type"])
    sections = [_task_type(declaration, translate) for declaration in declared]
    return "\n\n".join([MADE_BY, intro.rstrip(), *sections]) + "\n"


_PAGES: Mapping[str, Callable[[Path, Translate], str]] = {
    "settings.md": _settings_page,
    "task-types.md": _task_types_page,
}


def _task_type(declared: Mapping[str, Any], translate: Translate) -> str:
    params = declared.get("params") or {}
    lines = [f"## {declared['type']}", translate(declared["summary"])]
    if properties := params.get("properties"):
        if "skips" in declared:  # which of several tasks would decide?
            properties = {name: {**it, "mapped": False} for name, it in properties.items()}
        lines.append(_table(properties, params.get("required", ()), translate))
    lines += _needs(params, translate)
    if examples := params.get("examples"):
        texts = (yaml.dump(text, Dumper=_Dumper, sort_keys=False).rstrip() for text in examples)
        lines.append("```yaml\n" + "\n---\n".join(texts) + "\n```")
    return "\n\n".join(lines)


def _needs(params: Mapping[str, Any], translate: Translate) -> Iterator[str]:
    if any_of := params.get("anyOf"):
        choices = [
            translate(" with ").join(f"`{name}`" for name in choice["required"])
            for choice in any_of
        ]
        yield translate("Also needs {choices}.").format(choices=translate(", or ").join(choices))
    for names in params.get("exclusive", ()):
        listed = translate(", ").join(f"`{name}`" for name in names)
        yield translate(
            "Only one of {names}: what a later layer gives replaces an earlier layer's."
        ).format(names=listed)


def _table(
    properties: Mapping[str, Mapping[str, Any]], required: object, translate: Translate
) -> str:
    rows = [translate("| name | value | meaning |"), "|---|---|---|"]
    for name, schema in properties.items():
        meaning = translate(schema["description"])
        if isinstance(required, list) and name in required:
            meaning += translate(" **Required.**")
        rows.append(f"| `{name}` | {_value(schema, translate)} | {meaning} |")
    return "\n".join(rows)


def _value(schema: Mapping[str, Any], translate: Translate) -> str:
    if name := _FORMAT_NAMES.get(schema.get("format", "")):
        text = translate(name)
    elif "enum" in schema:
        text = translate(", ").join(f"`{value or repr(value)}`" for value in schema["enum"])
    else:
        kinds = schema.get("type", "any")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        names = (translate(_TYPE_NAMES.get(kind, kind)) for kind in kinds if kind != "null")
        text = translate(" or ").join(names)
    if schema.get("templated"):
        words = (
            ", templated",
            _MAPPED.get(schema.get("mapped")),
            _NO_RESULT.get(schema.get("results", "")),
        )
        text += "".join(translate(word) for word in words if word)
    if "default" in schema:
        text += translate("; {value} unless set").format(
            value=f"`{json.dumps(schema['default'], default=_row_text)}`"
        )
    return text


def _row_text(value: object) -> str:
    """A date or a duration, as a row holds it."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    assert isinstance(value, datetime)
    return f"{value:%Y-%m-%d}"


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
        (FOLDER / file_name).write_text(content, "utf-8")
