"""The JSON Schemas of `dagc schema`, by a real library: they accept what the compiler accepts, and
of what is in error they refuse all that a schema can express.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dagc.cli.diagnostic_listing import Report
from dagc.compiler import KEYS, TARGETS, compile_rows, load_toolchain, read_rows, row_key
from dagc.compiler.diagnostics import Code, Diagnostic, RowKey, Severity, has_errors, json_path
from dagc.compiler.rows.job_row import read_job
from dagc.compiler.rows.scheduler_row import read_scheduler
from dagc.compiler.rows.task_row import read_task
from dagc.compiler.toolchain import Toolchain
from dagc.row_files.schema.json_schema import row_schemas
from tests.golden.case import FOLDER, Case, all_cases, read_case
from tests.properties.compiling import toolchain
from tests.properties.example_rows import FOLDER as EXAMPLES
from tests.properties.example_rows import example_tables

Item = Mapping[str, Any]

NOT_EXPRESSED = {
    Code.AMBIGUOUS_JOB: "it is about several rows",
    Code.BAD_NUMBER: "JSON Schema compares numbers, and knows none that are no JSON",
    Code.BAD_TEMPLATE: "it is not in the row",
    Code.BAD_TEXT: "a rule about characters would stand at every text",
    Code.CONTRADICTION: "it is about what the layers make together",
    Code.CYCLE: "it is about what follows from several entries",
    Code.DISABLED_JOB: "it is about several rows",
    Code.DISABLED_TASK: "it is about several rows",
    Code.DUPLICATE_KEY: "a key that stands twice is no value, and ids are compared as texts",
    Code.DUPLICATE_NAME: "it is about several rows",
    Code.DUPLICATE_TASK_NAME: "it is about several rows",
    Code.EMPTY_DAG: "three attributes, each as a text or a list, may name the first member",
    Code.MISSING_JOB: "it is about several rows",
    Code.MISSING_TASK: "it is about several rows",
    Code.SHARED_DATE: "numbers are made of names",
    Code.UNKNOWN_NAME: "Jinja is read",
}
"""Codes of errors that no schema can see, and why."""

UNSEEN = {
    r"the id of the task has|has no display names of task groups": "what several settings make",
    r": Jinja cannot read| has no (filter|test) ": "Jinja is read",
    r": (in JSON that is encoded twice, )?not JSON: ": "JSON in a text is read, but for its ends",
    r": a text instead of a JSON object": "a text that holds the JSON of a text",
    r"task_list \$\[0\]: 'as' is missing$": "it stands in a text",
    r"job_task_configs \S*\.params\.\w+: ": "the type of the task is in another row",
    r": no list of ids: a quote": "a list of ids in a text is read",
    r"\\n' is no Airflow name": "`$` is also before a line's end, in Python's expressions",
    r"put together of several|nobody can see|bytes in UTF-8|of any script": "Unicode's tables",
    r"(fails to run|refuses the runs of)": "what one Airflow does with such a name",
    r"schedule_interval: ": "a schedule is read, but for its form",
    r"end_date is before|with more than one active run": "two settings contradict each other",
    r"' is no date$": "the calendar is read",
    r"'overrides' has 8,245 characters": "the length of an object's JSON",
    r": nested more than 50 levels": "depth is not counted",
    r"(a set|binary data) is no JSON$": "no file of JSON or YAML holds such a value",
    r"'retail.load:class' names no function|'class' is no Python name": "Python's reserved words",
    r"is not among the (callbacks|timetables)": "the deployment's defaults list them",
    r"\.(deadline|sla)(\.reference)?: ": "the layers make it together, and the target may lack it",
    r"on_\w+ names no destination|no notifier for SES": "the layers make it together",
    r" needs '|is missing with(out)? '": "the layers make it together",
    r"\$\.(column_mapping|checks): ": "checks are compared with each other",
    r"\$\.pod_template_dict\.": "the layers make it together",
    r"\$\.tolerations: ": "keys of one object are compared with each other",
    r"(parameters(\[\d\])?(\.\w+)?|bucket_key(\[\d\])?|accept_none|_states(\[\d\])?"
    r"|job_flow_overrides|array_properties\.size|retry_strategy\.attempts): ": "a case: "
    "it depends on other parameters, which another layer may give",
    r"'sql' has 41 entries": "as above",
    r"does not directly follow the branch|an id (stands twice|with nothing in it)$": "ids are read",
    r"does not come before this one$|the task '\d+' has no result: ": "it is about several rows",
    r"is missing in Airflow 3|True is not one of the known values": "a case for some targets",
    r"\$\.params\.\w+(\[\d\]|\.\w+)?: |the (param|job) '\w+' (has no value|needs the param)": "a "
    "value of a param beside its schema, which another layer may give",
    r"\.conf\.\w+(\[\d\]|\.\w+)?: ": "the schema of the param is in another row",
    r"'nul' is no type|is no regular expression: ": "the words of a schema are read",
    r"\.expand": "what may be mapped, and over which values, the type says, in the task's row",
    r"whose result it takes|own result|returns nothing: |has several results": "it is elsewhere",
    r"OPERATOR needs 'operator'": "the schema of its parameters is that of the other layers, too",
    r"\.arguments(\.\w+|\[.*\])*: |\.operator: ": "what an operator takes, its signature says",
}
"""Of the other codes, errors that a schema does not see, by place and message, and why."""

_MADE: dict[str, dict[str, Draft202012Validator]] = {}


def _validators(tools: Toolchain) -> dict[str, Draft202012Validator]:
    """By table; made once for each toolchain."""
    if tools.fingerprint not in _MADE:
        _MADE[tools.fingerprint] = {
            table: Draft202012Validator(schema) for table, schema in row_schemas(tools).items()
        }
    return _MADE[tools.fingerprint]


def _cases() -> Iterator[tuple[Case, Toolchain]]:
    for folder in all_cases():
        case = read_case(folder)
        tools, _ = load_toolchain(
            case.target, case.environment, case.team, has_runtime=case.has_runtime
        )
        if tools is not None:
            yield case, tools


def diagnostics_of(table: str, item: Item, tools: Toolchain) -> tuple[Diagnostic, ...]:
    """What the compiler says of a row by itself."""
    read: Mapping[str, Callable[[], Any]] = {
        "mwaa_task": lambda: read_task(item, tools.types),
        "mwaa_job": lambda: read_job(item, tools.types),
        "mwaa_scheduler": lambda: read_scheduler(item),
    }
    found: tuple[Diagnostic, ...] = read[table]().diagnostics
    return found


def test_they_are_json_schemas() -> None:
    for schema in row_schemas(toolchain(TARGETS[-1], "", FOLDER / "own_type" / "own")).values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("table", KEYS)
def test_every_example_is_valid(table: str) -> None:
    validator = _validators(toolchain(None, "dev", EXAMPLES))[table]
    rows = example_tables()[table]
    validator.validate(rows)
    for row in rows:
        validator.validate(row)


def test_every_valid_row_of_the_cases_is_valid() -> None:
    seen = 0
    for case, tools in _cases():
        for table in KEYS:
            for item in case.tables[table]:
                if not has_errors(diagnostics_of(table, item, tools)):
                    found = [error.message for error in _validators(tools)[table].iter_errors(item)]
                    assert not found, (case.folder.name, item)
                    seen += 1
    assert seen > 500


def test_every_valid_operator_of_the_cases_is_valid() -> None:
    seen = 0
    for case, tools in _cases():
        tasks = [(item, read_task(item, tools.types)) for item in case.tables["mwaa_task"]]
        if any(task.type and task.type.signature for _, task in tasks):
            schema = row_schemas(tools, [task.type for _, task in tasks])["mwaa_task"]
            validator = Draft202012Validator(schema)
            for item, task in tasks:
                if not has_errors(task.diagnostics):
                    found = [error.message for error in validator.iter_errors(item)]
                    assert not found, (case.folder.name, item)
                    seen += 1
    assert seen > 40


def _errors() -> Iterator[tuple[str, Diagnostic, bool]]:
    """The errors in rows of the cases: the case, and whether the schema finds one in that place."""
    for case, tools in _cases():
        if not case.folder.name.startswith(("error", "hostile")):
            continue
        tasks, jobs, schedulers = (case.tables[table] for table in KEYS)
        rows = read_rows(tasks, jobs, schedulers, tools)
        places: dict[RowKey, list[str]] = {
            row_key(table, item): _refused(_validators(tools)[table], item)
            for table in KEYS
            for item in case.tables[table]
        }
        for diagnostic in Report.of(compile_rows(rows, tools), rows, ()).diagnostics:
            if diagnostic.severity is Severity.ERROR and diagnostic.key:
                place = f"{diagnostic.attribute}{diagnostic.path.removeprefix('$')}"
                refused = places[RowKey(diagnostic.table, diagnostic.key)]
                seen = any(it.startswith(place) or place.startswith(it) for it in refused)
                yield case.folder.name, diagnostic, seen


def _refused(validator: Draft202012Validator, item: Item) -> list[str]:
    return [
        f"{error.absolute_path[0]}{json_path(tuple(error.absolute_path)[1:]).removeprefix('$')}"
        if error.absolute_path
        else ""
        for error in validator.iter_errors(item)
    ]


def test_each_error_that_a_schema_can_express_is_refused() -> None:
    unseen, explained, codes = [], set(), set()
    for case, diagnostic, refused in _errors():
        codes.add(diagnostic.code)
        told = f"{case}: {diagnostic.place}: {diagnostic.message}"
        words = [words for words in UNSEEN if re.search(words, told)]
        if not refused and diagnostic.code not in NOT_EXPRESSED:
            explained.update(words)
            unseen += [] if words else [told]
    assert unseen == []
    assert explained == UNSEEN.keys(), "these explain nothing any more"
    assert NOT_EXPRESSED.keys() <= codes


class _Asked(dict[str, Any]):
    """An item that notes which attributes somebody looks at."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return default


@pytest.mark.parametrize("table", KEYS)
def test_it_describes_just_the_attributes_that_the_compiler_reads(table: str) -> None:
    item = _Asked()
    diagnostics_of(table, item, toolchain())
    [row] = (schema["$defs"]["row"] for schema in [row_schemas(toolchain())[table]])
    assert row["properties"].keys() == item.names
