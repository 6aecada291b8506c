"""Describes files of rows by JSON Schemas, by which an editor completes and checks them.

A schema is made from what the compiler checks by: the settings, and the task types with their
parameters, a team's own among them. It accepts each row that the compiler accepts by itself. It
cannot express what depends on other rows, on the defaults, or on what a text means (a cron text,
Jinja, SQL). A file holds one row, or a list of rows; what AWS's tools print is not described.

The draft is 2020-12, but only with keywords that draft 7 has, too: so older editors can read it.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from dagc.compiler import (
    JOB,
    JOB_PARAMS,
    KEYS,
    MAX_NAME,
    SCHEDULE_PARAMS,
    SCHEDULER,
    TASK,
    TASK_CONFIG,
    TRIGGER_CONFIG,
    TaskType,
    Toolchain,
)
from dagc.row_files.schema.json_schema_formats import JsonSchema, format_schema
from dagc.row_files.schema.json_schema_values import layer_schema, plain
from dagc.row_files.schema.operator_schemas import used_operators, with_operators

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_PARAMS = "params-"
"""How the name of the definition of a type's parameters begins: others have names of their own."""

_STATUS: JsonSchema = {
    "description": "1 enabled, as without it; 0 disabled.",
    "enum": [1, 0, "1", "0", True, False, "True", "False", "", None],
    "default": 1,
}
_TASK_NAME: JsonSchema = {
    "type": "string",
    "maxLength": MAX_NAME,
    "pattern": r"^[^\s\u0000-,/:-@\[-\^`{-\u007f]+$",  # of ASCII, what Airflow takes; all beyond
}
_DAG_NAME: JsonSchema = {"type": "string", **format_schema("name")}
_ID: JsonSchema = {"type": ["string", "number"]}
_NOTHING: JsonSchema = {"enum": [None, "", 0, False, [], {}]}
_PIDS: JsonSchema = {
    "anyOf": [
        {"type": ["string", "number"]},
        {
            "type": "array",
            "items": {"anyOf": [{"$ref": "#/$defs/id"}, {"$ref": "#/$defs/nothing"}]},
        },
        {"$ref": "#/$defs/nothing"},
    ],
}


def row_schemas(
    toolchain: Toolchain, types: Iterable[TaskType | None] = ()
) -> dict[str, JsonSchema]:
    """The JSON Schema of a file of rows, by table. `types` are those of rows: the schema of tasks
    has the arguments of the operators among them.
    """
    return {
        TASK: _file(TASK, _task(toolchain, used_operators(types))),
        JOB: _file(JOB, _job(toolchain)),
        SCHEDULER: _file(SCHEDULER, _scheduler(toolchain)),
    }


def _file(table: str, row: JsonSchema) -> JsonSchema:
    definitions = row.pop("$defs")
    keys = {name: _key(name) for name in KEYS[table]}
    row["properties"] = {**keys, **row["properties"]}
    row["required"] = [*KEYS[table], *row["required"]]
    return {
        "$schema": DRAFT,
        "title": table,
        "description": f"A row of {table}, or a list of rows.",
        "type": ["object", "array"],
        "allOf": [{"$ref": "#/$defs/row"}],
        "items": {"type": "object", "$ref": "#/$defs/row"},
        "$defs": {
            "row": row,
            "id": _ID,
            "nothing": _NOTHING,
            "pids": _PIDS,
            **definitions,
        },
    }


def _key(name: str) -> JsonSchema:
    return {
        "description": f"The row's key: {name}.",
        "type": ["string", "number"],
        "pattern": r"\S",
    }


def _task(toolchain: Toolchain, operators: Mapping[str, TaskType]) -> JsonSchema:
    types = list(toolchain.types.values())
    definitions = _type_definitions(toolchain)
    for name in (f"{_PARAMS}{known.name}" for known in types if known.any_operator):
        definitions[name] = with_operators(definitions[name], operators, toolchain)
    return {
        "required": ["task_name", "task_type"],
        "properties": {
            "task_name": {"description": "Its id in Airflow.", **_TASK_NAME},
            "task_type": {
                "description": "What kind of task it is.",
                "type": "string",
                "anyOf": [
                    *({"const": known.name, **_summary(known)} for known in types),
                    *({"pattern": _spellings(known)} for known in types),
                ],
            },
            "task_params": _json("The parameters of its type.", {}, "object"),
            "status": _STATUS,
        },
        "allOf": [
            {
                "if": {
                    "properties": {"task_type": {"type": "string", "pattern": _spellings(known)}},
                    "required": ["task_type"],
                },
                "then": {"properties": {"task_params": _params(known)}},
            }
            for known in types
        ],
        "$defs": definitions,
    }


def _job(toolchain: Toolchain) -> JsonSchema:
    settings = layer_schema({"properties": JOB_PARAMS}, toolchain.target)
    types = toolchain.types.values()
    settings["properties"]["task_params"] |= {
        "properties": {known.name: {"type": "object", **_params(known)} for known in types},
        "patternProperties": {
            _spellings(known): {"type": "object", **_params(known)} for known in types
        },
        "additionalProperties": False,
    }
    config = layer_schema({"properties": TASK_CONFIG}, toolchain.target)
    return {
        "required": ["job_name"],
        "properties": {
            "job_name": {"description": "Unique; its DAG is job-<job_name>.", **_DAG_NAME},
            "job_params": _json("Its settings.", settings, "object"),
            "task_list": _members("task_id", _TASK_NAME),
            "job_task_dependencies": _dependencies("task_id"),
            "job_task_configs": _configs("task_id", config),
            "status": _STATUS,
        },
        "$defs": {
            "config": config,
            **_type_definitions(toolchain),
        },
    }


def _scheduler(toolchain: Toolchain) -> JsonSchema:
    settings = layer_schema({"properties": SCHEDULE_PARAMS}, toolchain.target)
    trigger = layer_schema({"properties": TRIGGER_CONFIG}, toolchain.target)
    return {
        "required": ["schedule_name"],
        "properties": {
            "schedule_name": {
                "description": "Unique; its DAG is schedule-<schedule_name>.",
                **_DAG_NAME,
            },
            "schedule_description": {
                "description": "The DAG's description.",
                "type": ["string", "null"],
            },
            "job_list": _members("job_id", _DAG_NAME),
            "schedule_job_dependencies": _dependencies("job_id"),
            "schedule_job_configs": _configs("job_id", trigger),
            "schedule_params": _json("Its settings, among them the schedule.", settings, "object"),
            "status": _STATUS,
        },
        "$defs": {"config": trigger},
    }


def _type_definitions(toolchain: Toolchain) -> JsonSchema:
    return {
        f"{_PARAMS}{known.name}": {
            **_summary(known),
            **layer_schema(known.params.declared, toolchain.target),
            "examples": known.params.declared.get("examples", []),
        }
        for known in toolchain.types.values()
    }


def _params(known: TaskType) -> JsonSchema:
    name = f"{_PARAMS}{known.name}".replace("~", "~0").replace("/", "~1")
    return {"$ref": f"#/$defs/{quote(name, safe='~')}"}


def _summary(known: TaskType) -> JsonSchema:
    return {"description": plain(known.summary)} if known.summary else {}


def _spellings(known: TaskType) -> str:
    """The regular expression of all that means the type: case, `-` and `_` do not matter."""
    letters = (
        f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() else f"[{letter}]"
        for letter in known.name.replace("-", "").replace("_", "").strip()
    )
    return rf"^\s*[-_]*{'[-_]*'.join(letters)}[-_]*\s*$"


def _members(id_name: str, name: JsonSchema) -> JsonSchema:
    """The schema of a list of members: ids, and those with a `name` of their own."""
    kind = id_name.removesuffix("_id")
    named = {
        "type": "object",
        "properties": {
            id_name: {"description": f"The {kind}.", **_ID, "pattern": r"\S"},
            "as": {"description": f"What the {kind} is called here.", **name},
        },
        "required": [id_name, "as"],
        "additionalProperties": False,
    }
    return {
        "description": f"Its {kind}s, by {id_name}: a text such as 1,2, or a list; of one under a "
        f'name of its own, {{"{id_name}": "1", "as": "a_name"}}.',
        "type": ["string", "number", "array", "null"],
        "items": {"anyOf": [{"$ref": "#/$defs/id"}, named]},
    }


def _json(description: str, content: JsonSchema, *kinds: str) -> JsonSchema:
    """The schema of an attribute that holds JSON, of one of `kinds`, or the text of it; or nothing.

    (Of a text, it is only seen how it begins and ends.)
    """
    brackets = [_BRACKETS[kind] for kind in kinds]
    texts = "|".join([*(rf"{opening}[\s\S]*{closing}" for opening, closing in brackets), *_OTHER])
    pattern = rf"^\s*(?:{texts})?\s*$"
    return {
        "description": description,
        "type": [*kinds, "string", "null"],
        "pattern": pattern,
        **content,
    }


_BRACKETS = {"object": (r"\{", r"\}"), "array": (r"\[", r"\]")}
_OTHER = (r'"[\s\S]*"', "null", r"[^\n]*\.\w+")
"""What a text may be instead: JSON that is encoded twice; null; the name that `!file` has."""


def _dependencies(id_name: str) -> JsonSchema:
    words = f'What waits for what: {{"{id_name}": "1", "pid": "2"}} is 1 after 2.'
    entry = {
        "type": "object",
        "properties": {
            id_name: {"description": "What waits.", **_ID, "minLength": 1},
            "pid": {"description": "What it waits for: an id, or several.", "$ref": "#/$defs/pids"},
        },
        "required": [id_name],
        "additionalProperties": False,
    }
    return _json(words, {"items": entry}, "array")


def _configs(id_name: str, config: JsonSchema) -> JsonSchema:
    """The schema of overrides, each of them a `config`: `{"1": {…}}`, or
    `[{"<id_name>": "1", …}]`.
    """
    settings = {
        name: {"$ref": f"#/$defs/config/properties/{name}"} for name in config["properties"]
    }
    entry = {
        "type": "object",
        "properties": {id_name: _ID, **settings},
        "required": [id_name],
        "additionalProperties": False,
    }
    content = {
        "additionalProperties": {"type": "object", "$ref": "#/$defs/config"},
        "items": entry,
    }
    return _json(f"By {id_name}: settings of that one here.", content, "object", "array")
