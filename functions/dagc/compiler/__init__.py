"""The compiler: rows in, DAG files or diagnostics out. Pure: no AWS, no clock, no environment.

This is its only door: other packages import what stands in `__all__` from here. (One more,
`dagc.compiler.catalog`, is for `dagc.packaging`, which puts templates into the deployed package.)

Inside, imports go one way, from the top of this list to the bottom:

    compilation      rows in, DAGs out
    dag_digest       what a DAG is made of, as a fingerprint
    catalog          the template folders, made a toolchain
    rendering        DAG models to Python text
    toolchain        what a file depends on beside the rows
    templating       Jinja templates that never see a value
    analysis         rows to DAG models: references, cycles, duplicates
    snapshot         rows as they were read at one moment
    rows             what each attribute of a row means
    task_types       the task types that `dag_templates/tasks/` declares
    signatures       what the operators of each Airflow take
    targets          the Airflow versions
    schema           what a value must be, and what it means
    python_source    Python source text in black's layout
    diagnostics      what is wrong, where, and what to do
"""

from dagc.compiler.analysis.asset_circles import asset_circles
from dagc.compiler.analysis.external_waits import AllDags, external_waits
from dagc.compiler.analysis.job_assets import vain_starts
from dagc.compiler.analysis.logical_dates import shared_dates
from dagc.compiler.analysis.moved_dates import moved_starts, named_shared_jobs
from dagc.compiler.analysis.other_dags import NO_OTHERS, OtherDags
from dagc.compiler.analysis.reachability import reachable
from dagc.compiler.analysis.task_layers import Layer, layer_of, task_layers
from dagc.compiler.analysis.topological_order import topological_order
from dagc.compiler.analysis.unpublished_jobs import JobFile
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.catalog.plain_yaml import (
    UnreadableTextError,
    decoded,
    load_plain,
    load_plain_documents,
)
from dagc.compiler.catalog.sources import alert_modules
from dagc.compiler.compilation import Dag, compile_dag, compile_rows, failed, read_rows
from dagc.compiler.dag_digest import dag_fingerprint, fingerprint
from dagc.compiler.diagnostics import (
    Code,
    Diagnostic,
    JsonPath,
    Problem,
    RowKey,
    Severity,
    has_errors,
    json_path,
    json_steps,
    nearest,
)
from dagc.compiler.rendering.dag_file import GENERATED
from dagc.compiler.rows.attributes import Item, is_enabled
from dagc.compiler.rows.dag_ids import (
    DagRow,
    claiming_table,
    dag_id_of,
    is_named,
    named_ids,
    named_together,
    unnamed_id,
)
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import EXPAND, given_expand
from dagc.compiler.rows.job_row import JobRow, job_dag_id
from dagc.compiler.rows.keys import (
    ATTRIBUTES,
    JOB,
    KEYS,
    NAMES,
    SCHEDULER,
    TASK,
    bounded,
    key_text,
    row_key,
    row_of,
    task_key,
    text_of,
)
from dagc.compiler.rows.scheduler_row import SchedulerRow, read_scheduler, scheduler_dag_id
from dagc.compiler.rows.settings import JOB_PARAMS, SCHEDULE_PARAMS, TASK_CONFIG, TRIGGER_CONFIG
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.airflow_runs import moment_of, zone_info
from dagc.compiler.schema.airflow_runs import runs as cron_runs
from dagc.compiler.schema.clock_changes import clock_changes
from dagc.compiler.schema.cron import CRON_OF_PRESET, PRESETS
from dagc.compiler.schema.formats import MAX_NAME, time_zones
from dagc.compiler.schema.json_values import exact_number, parse_documents
from dagc.compiler.schema.param_values import TYPES as PARAM_TYPES
from dagc.compiler.schema.service_formats import DBT_VARIABLES
from dagc.compiler.schema.task_results import is_result, takes_result
from dagc.compiler.schema.type_sql import SQL_DIALECTS, TypeSql
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.signatures.signature import Argument, Signature
from dagc.compiler.snapshot import Snapshot, row_digest, shared_ids, shared_jobs
from dagc.compiler.targets import DEFAULT as DEFAULT_TARGET
from dagc.compiler.targets import TARGETS, Target, find_target, since_target
from dagc.compiler.task_types import TaskType
from dagc.compiler.toolchain import Toolchain

__all__ = [
    "ATTRIBUTES",
    "CRON_OF_PRESET",
    "DBT_VARIABLES",
    "DEFAULT_TARGET",
    "EXPAND",
    "GENERATED",
    "JOB",
    "JOB_PARAMS",
    "KEYS",
    "MAX_NAME",
    "NAMES",
    "NO_OTHERS",
    "PARAM_TYPES",
    "PRESETS",
    "SCHEDULER",
    "SCHEDULE_PARAMS",
    "SQL_DIALECTS",
    "TARGETS",
    "TASK",
    "TASK_CONFIG",
    "TRIGGER_CONFIG",
    "AllDags",
    "Argument",
    "Code",
    "Dag",
    "DagRow",
    "Defaults",
    "Diagnostic",
    "Item",
    "JobFile",
    "JobRow",
    "JsonPath",
    "Layer",
    "Operators",
    "OtherDags",
    "Problem",
    "RowKey",
    "SchedulerRow",
    "Severity",
    "Signature",
    "Snapshot",
    "Target",
    "TaskRow",
    "TaskType",
    "Toolchain",
    "TypeSql",
    "UnreadableTextError",
    "alert_modules",
    "asset_circles",
    "bounded",
    "claiming_table",
    "clock_changes",
    "compile_dag",
    "compile_rows",
    "cron_runs",
    "dag_fingerprint",
    "dag_id_of",
    "decoded",
    "exact_number",
    "external_waits",
    "failed",
    "find_target",
    "fingerprint",
    "given_expand",
    "has_errors",
    "is_enabled",
    "is_named",
    "is_result",
    "job_dag_id",
    "json_path",
    "json_steps",
    "key_text",
    "layer_of",
    "load_plain",
    "load_plain_documents",
    "load_toolchain",
    "moment_of",
    "moved_starts",
    "named_ids",
    "named_shared_jobs",
    "named_together",
    "nearest",
    "parse_documents",
    "reachable",
    "read_rows",
    "read_scheduler",
    "row_digest",
    "row_key",
    "row_of",
    "scheduler_dag_id",
    "shared_dates",
    "shared_ids",
    "shared_jobs",
    "since_target",
    "takes_result",
    "task_key",
    "task_layers",
    "text_of",
    "time_zones",
    "topological_order",
    "unnamed_id",
    "vain_starts",
    "zone_info",
]
