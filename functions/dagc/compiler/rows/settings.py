"""The settings of DAGs and tasks, as parameter schemas. `docs/settings.md` is made from them."""

from collections.abc import Sequence

from dagc.compiler.rows.lateness import DEADLINE, SLA
from dagc.compiler.rows.on_failure import ON_FAILURE
from dagc.compiler.rows.param_schemas import PARAM_SCHEMA
from dagc.compiler.schema.checks import Schema
from dagc.compiler.schema.layers import LayerSchema, compile_layers

TRIGGER_RULES = [
    "all_success", "all_failed", "all_done", "all_done_setup_success", "all_skipped", "always",
    "one_success", "one_failed", "one_done", "none_failed", "none_failed_min_one_success",
    "none_skipped",
]  # fmt: skip
"""The trigger rules that every target knows."""

_DURATION = {"type": ["integer", "number", "string"], "format": "duration"}
_LENGTH = {"type": ["integer", "number", "string"], "format": "length"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 10_000}
_TEXT_250 = {"type": "string", "minLength": 1, "maxLength": 250}

_STARTS: Schema = {
    "items": {
        "type": ["string", "object"],
        "format": "asset-or-job",
        "properties": {"job": {"type": ["string", "integer"]}},
        "required": ["job"],
    },
    "minItems": 1,
    "maxItems": 100,
}

RETRIES: Schema = {
    "retries": {
        "description": "How often a failed task is tried again.",
        "type": "integer",
        "minimum": 0,
        "maximum": 1000,
    },
    "retry_delay": {
        "description": "The pause between two tries.",
        **_DURATION,
    },
}
_QUEUEING: Schema = {
    "pool": {
        "description": "The Airflow pool that the task takes a slot of.",
        "type": "string",
        "format": "name",  # Airflow 2.11.2 refuses any other to load
    },
    "priority_weight": {
        "description": "Tasks with a larger number leave the queue first.",
        "type": "integer",
        "minimum": -1_000_000,
        "maximum": 1_000_000,
    },
    "queue": {"description": "The executor's queue.", **_TEXT_250},
}
_TRIGGER_RULE: Schema = {
    "trigger_rule": {
        "description": "Which outcomes upstream let it start; all_success unless set.",
        "type": "string",
        "enum": TRIGGER_RULES,
    },
}
_OWNER: Schema = {
    "owner": {"description": "The owner that Airflow shows.", **_TEXT_250},
}
_DOC_MD: Schema = {
    "doc_md": {
        "description": "Markdown that Airflow shows beside it.",
        "type": "string",
        "format": "markdown",
    },
}
_EXECUTION_TIMEOUT: Schema = {
    "execution_timeout": {"description": "A task that runs longer fails.", **_LENGTH},
}

_REPORTED = {"type": "object", "properties": ON_FAILURE, "emptyIsNull": True}
_ON_FAILURE: Schema = {
    "on_failure": {
        "description": "[Where failures are reported](#on_failure); null or {} for nowhere.",
        **_REPORTED,
    },
}
_ON_RUN_SUCCESS: Schema = {
    "on_success": {"description": "The same of a run that succeeded.", **_REPORTED},
}
_ON_SUCCESS: Schema = {
    "on_success": {"description": "The same when it succeeded.", **_REPORTED},
}
_ON_RETRY: Schema = {
    "on_retry": {"description": "The same of a failed try that is not the last.", **_REPORTED},
    "on_skipped": {"description": "The same when its own code skipped it.", **_REPORTED},
}
_NATIVE: Schema = {
    "render_template_as_native_obj": {
        "description": "Whether Jinja may make numbers, lists and objects, and not texts alone.",
        "type": "boolean",
    },
}

_SHOWN: Schema = {
    "display_name": {
        "description": "What Airflow shows instead of the DAG's id, in any script.",
        **_TEXT_250,
    },
    "owner_links": {
        "description": "By owner: what Airflow links it to, `https://…` or `mailto:…`. Of these, a "
        "DAG gets those of its owners.",
        "type": "object",
        "additionalProperties": {"type": "string", "format": "owner-link"},
    },
}
"""How people see a DAG in Airflow."""

_DISPLAY_NAME: Schema = {
    "display_name": {
        "description": "What Airflow shows instead of its id: any text.",
        **_TEXT_250,
    },
}

TASK_DEFAULTS: Schema = {
    **_OWNER,
    **RETRIES,
    "retry_exponential_backoff": {
        "description": "Whether each pause between tries is longer than the one before.",
        "type": "boolean",
    },
    **_EXECUTION_TIMEOUT,
    **_QUEUEING,
    "depends_on_past": {
        "description": "Whether a task waits for its own success in the run before.",
        "type": "boolean",
    },
}
"""What a job sets for all of its tasks, through the DAG's `default_args`."""

_DAG: Schema = {
    "start_date": {
        "description": "The first logical date, in the DAG's time zone.",
        "type": "string",
        "format": "date-time",
    },
    "max_active_runs": {"description": "Runs at the same time.", **_COUNT},
    "dagrun_timeout": {"description": "A run that takes longer fails.", **_LENGTH},
    "deadline": {
        "description": "When a run is [late](alerts.md#late-runs), and who is told; it runs on. "
        "Since Airflow 3.1.",
        "type": "object",
        "properties": DEADLINE,
        "emptyIsNull": True,
    },
    "tags": {
        "description": "Airflow's tags.",
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 100},
    },
    "params": {"description": "Airflow's params: `{{ params.x }}`.", "type": "object"},
    **_SHOWN,
    "param_schemas": {
        "description": "By param: [what it may be](#param_schemas), for Airflow's form.",
        "type": "object",
        "additionalProperties": {"type": ["object", "null"], "properties": PARAM_SCHEMA},
    },
    **_NATIVE,
    **_DOC_MD,
    **_ON_FAILURE,
    **_ON_RUN_SUCCESS,
}

_GROUP: Schema = {
    **_DISPLAY_NAME,
    "tooltip": {
        "description": "What Airflow shows where somebody points at it.",
        "type": "string",
        "minLength": 1,
        "maxLength": 1000,
    },
    "prefix": {
        "description": "Whether the ids of its tasks begin with its name.",
        "type": "boolean",
    },
}

JOB_PARAMS: Schema = {
    "description": {"description": "One line on what the job does.", "type": "string"},
    **_DAG,
    **_ON_RETRY,
    "max_active_tasks": {"description": "Tasks at the same time.", **_COUNT},
    "is_paused_upon_creation": {
        "description": "Whether it is paused when Airflow first sees it. Whatever triggers it then "
        "[waits or fails](airflow.md#what-to-know).",
        "type": "boolean",
    },
    **TASK_DEFAULTS,
    "asset": {
        "description": "Whether its success [updates an asset](#a-job-as-an-asset); or the URI "
        "of that asset.",
        "type": ["boolean", "string"],
        "format": "job-asset",
    },
    "task_params": {
        "description": "By task type: parameters for all the job's tasks of that type.",
        "type": "object",
    },
    "groups": {
        "description": "By path: what there is to say of a [task group](rows.md#task-groups).",
        "type": "object",
        "additionalProperties": {"type": "object", "properties": _GROUP},
    },
}

TASK_CONFIG: Schema = {
    **TASK_DEFAULTS,
    **_TRIGGER_RULE,
    "group": {
        "description": "The [task group](rows.md#task-groups) that it stands in; `load/eu` for "
        "one in another one.",
        "type": "string",
        "format": "group-path",
    },
    **_DISPLAY_NAME,
    **_DOC_MD,
    **_ON_FAILURE,
    **_ON_SUCCESS,
    **_ON_RETRY,
    "params": {
        "description": "Parameters of the task's type, merged over its `task_params`.",
        "type": "object",
    },
    "teardown": {
        "description": "Ids of the tasks whose [setup](rows.md#setup-and-teardown) it tears down, "
        "whatever became of the tasks between.",
        "type": "array",
        "items": {"type": ["string", "integer"]},
        "minItems": 1,
    },
    "expand": {
        "description": "Runs the task [once for each value](rows.md#one-task-for-each-value), by "
        "parameter: a list, or the result of a task.",
        "type": "object",
        "emptyIsNull": True,
    },
    "map_index_template": {
        "description": "What Airflow calls each of the tasks that `expand` makes, rendered at its "
        'end; by default their numbers. E.g. `{{ task.op_kwargs["table"] }}`.',
        "type": "string",
        "minLength": 1,
        "templated": True,
    },
    "max_active_tis_per_dag": {
        "description": "Of the task, as many at the same time, over all runs.",
        **_COUNT,
    },
    "max_active_tis_per_dagrun": {
        "description": "Of a task with `expand`, as many at the same time in a run.",
        **_COUNT,
    },
    "outlets": {
        "description": "URIs of the assets that the task updates.",
        "type": "array",
        "items": {"type": "string", "format": "asset-uri"},
    },
}

_CONF: Schema = {
    "conf": {
        "description": "The `dag_run.conf` that the job gets.",
        "type": "object",
        "templated": True,
    },
}
_TRIGGER_RETRIES: Schema = {
    "retries": {
        **RETRIES["retries"],
        "description": "How often a failed trigger is tried again; in Airflow 3.0 and 3.1 "
        "[without effect](airflow.md#what-to-know).",
    },
    "retry_delay": RETRIES["retry_delay"],
}
_TRIGGER_TIMEOUT: Schema = {
    "execution_timeout": {
        **_EXECUTION_TIMEOUT["execution_timeout"],
        "description": "A trigger that runs longer fails; in Airflow 3 "
        "[without effect](airflow.md#what-to-know) while it waits.",
    },
}
_POKE_INTERVAL: Schema = {
    "poke_interval": {
        "description": "The pause between two looks at a job, 10 s or more.",
        **_LENGTH,
        "format": "poke-interval",
    },
}

SCHEDULE_PARAMS: Schema = {
    "schedule_interval": {
        "description": "Cron (five fields) or a list of such, a preset such as `@daily`, a "
        "duration, or null.",
        "type": ["string", "integer", "number", "array"],
        "format": "schedule",
        "items": {"type": "string", "format": "cron"},
        "maxItems": 20,
    },
    "timetable": {
        "description": "In the place of `schedule_interval`: a "
        "[timetable](#timetables-of-your-own) by the name that `defaults.yaml` has for it.",
        **_TEXT_250,
    },
    "assets": {
        "description": "What [starts it](#assets) when it is updated, beside a schedule or alone: "
        "a list of URIs or jobs, or `{all: […], any: […]}`.",
        "type": ["array", "object"],
        **_STARTS,
        "properties": {
            "all": {"type": "array", **_STARTS},
            "any": {"type": "array", **_STARTS},
        },
        "emptyIsNull": True,
    },
    "timezone": {
        "description": "The zone of the schedule and of all dates.",
        "type": "string",
        "format": "time-zone",
    },
    "end_date": {
        "description": "The last logical date.",
        "type": "string",
        "format": "date-time",
    },
    "catchup": {
        "description": "Whether runs missed since start_date are made up for.",
        "type": "boolean",
    },
    "is_paused_upon_creation": {
        "description": "Whether it is paused when Airflow first sees it; as Airflow is configured, "
        "unless set.",
        "type": "boolean",
    },
    **_DAG,
    **_OWNER,
    **_TRIGGER_RETRIES,
    **_TRIGGER_TIMEOUT,
    **_TRIGGER_RULE,
    **_POKE_INTERVAL,
    **_CONF,
}

TRIGGER_CONFIG: Schema = {
    "wait_for_completion": {
        "description": "false for a trigger that is [done when the job's run is there]"
        "(#a-trigger-that-does-not-wait), whatever becomes of it.",
        "type": "boolean",
    },
    **_CONF,
    **_TRIGGER_RULE,
    **_TRIGGER_RETRIES,
    **_TRIGGER_TIMEOUT,
    "sla": {
        "description": "When the trigger is [late](alerts.md#late-runs), and who is told, in "
        "Airflow 2 alone: `{interval: 3h, email_to: […]}`.",
        "type": "object",
        "properties": SLA,
        "emptyIsNull": True,
    },
    **_QUEUEING,
    **_POKE_INTERVAL,
    **_ON_FAILURE,
    **_ON_SUCCESS,
    **_ON_RETRY,
}


def _compiled(
    properties: Schema, where: str, exclusive: Sequence[Sequence[str]] = ()
) -> LayerSchema:
    # (That it is sound, a test sees.)
    return compile_layers({"properties": properties, "exclusive": exclusive}, where, is_sound=True)


JOB_PARAMS_SCHEMA = _compiled(JOB_PARAMS, "job_params")
TASK_CONFIG_SCHEMA = _compiled(TASK_CONFIG, "job_task_configs")
SCHEDULE_PARAMS_SCHEMA = _compiled(
    SCHEDULE_PARAMS, "schedule_params", exclusive=[["schedule_interval", "timetable"]]
)
TRIGGER_CONFIG_SCHEMA = _compiled(TRIGGER_CONFIG, "schedule_job_configs")
