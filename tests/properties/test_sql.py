"""Whatever the SQL is, looking at it raises nothing; and each suggestion is as it says."""

import json
import re
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dagc.compiler import (
    DEFAULT_TARGET,
    Code,
    Target,
    compile_rows,
    find_target,
    has_errors,
    load_toolchain,
    read_rows,
)
from dagc.lineage.sql_mistakes import sql_mistakes
from dagc.lineage.sql_report import Finding, sql_findings
from dagc.lineage.stand_ins import with_stand_ins
from dagc.lineage.tables import statements_of
from tests.conftest import EXAMPLES
from tests.golden.case import FOLDER

PIECES = [
    "SELECT", "INSERT INTO", "DELETE FROM", "UPDATE", "SET", "MERGE INTO", "USING", "WITH", "AS",
    "FROM", "WHERE", "JOIN", "ON", "COPY", "UNLOAD", "TO", "CREATE TEMP TABLE", "CREATE TABLE",
    "ALTER TABLE", "RENAME TO", "APPEND FROM", "DROP TABLE", "TRUNCATE", "VALUES", "CASE", "END",
    "a.b", "c", '"D"', "e.f.g", "*", "1", "'x'", "''", "$$", "'", '"', "`", "(", ")", "[", "]", ",",
    ";", ".", "=", "::", ":x", "%s", "#t", "--", "/*", "*/", "\n", "\\'", "{{ x }}", "{{ x\n}}",
    "{{", "}}", "{% if x %}", "{% else %}", "{% elif y %}", "{% endif %}", "{% for i in y %}",
    "{% endfor %}", "{% set z = 1 %}", "{% raw %}", "{# c #}", "{#", "\0", "é", "；",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=80)
DIALECTS = st.sampled_from(["redshift", "athena", "postgres", "spark", "trino", "mysql", ""])

target = find_target(DEFAULT_TARGET)
assert isinstance(target, Target)
toolchain, _ = load_toolchain(target, "", FOLDER / "team")
assert toolchain


@settings(max_examples=8 * EXAMPLES)
@given(TEXTS, DIALECTS)
@example("(" * 2000, "redshift")
@example("SELECT " + "a." * 2000 + "b FROM " + "(" * 500, "athena")
@example("DROP TABLE " + ",".join("a" for _ in range(5000)), "redshift")
@example("{{" * 5000 + "{% if x %}" * 1000, "redshift")
def test_reading_raises_nothing(text: str, dialect: str) -> None:
    assert all(it.line > 0 and it.column > 0 for it in statements_of(text, dialect))
    for mistake in sql_mistakes(text, dialect):
        lines = text.split("\n")
        assert 0 < mistake.column <= len(lines[mistake.line - 1]) + 1


@given(TEXTS)
def test_what_is_no_jinja_stays_in_its_place(text: str) -> None:
    for reading in readings.texts if (readings := with_stand_ins(text)) else ():
        assert len(reading) == len(text)
        assert [i for i, sign in enumerate(reading) if sign == "\n"] == [
            i for i, sign in enumerate(text) if sign == "\n"
        ]


TASKS = [str(number) for number in range(1, 7)]
TABLES = ["a", "m.b", "m.c"]
STATEMENTS = st.builds(
    str.format,
    st.sampled_from(
        [
            "INSERT INTO {0} SELECT * FROM {1}",
            "TRUNCATE {0}; INSERT INTO {0} SELECT * FROM {1}",
            "CREATE TABLE {0} AS SELECT * FROM {1}",
            "INSERT INTO {0} VALUES (1)",
            "SELECT * FROM {0}, {1}",
            "DELETE FROM {0}",
        ]
    ),
    st.sampled_from(TABLES),
    st.sampled_from(TABLES),
)
EDGES = st.lists(st.tuples(st.sampled_from(TASKS), st.sampled_from(TASKS)), max_size=6)


@settings(max_examples=3 * EXAMPLES)
@given(st.lists(STATEMENTS, min_size=2, max_size=len(TASKS)), EDGES)
def test_a_suggestion_carried_out_settles_itself_alone(
    texts: list[str], edges: list[tuple[str, str]]
) -> None:
    ids = TASKS[: len(texts)]
    order = [(a, b) for a, b in edges if a < b and b in ids]  # no cycles
    found = _found(texts, order)
    for suggestion in found:
        entry = json.loads(re.findall(r"\{.*\}", suggestion.diagnostic.hint)[0])
        edge = (entry["pid"], entry["task_id"])
        if suggestion.diagnostic.code is Code.MISSING_DEPENDENCY:
            assert _found(texts, [*order, edge]) == [it for it in found if it is not suggestion]
        else:
            reverse = [it for it in order if it != edge[::-1]]
            places = [it.diagnostic.message for it in _found(texts, [*reverse, edge])]
            assert suggestion.diagnostic.message not in places


def _found(texts: list[str], order: list[tuple[str, str]]) -> list[Finding]:
    """The findings in a job of these tasks, which compiles without errors."""
    assert toolchain
    tasks: list[dict[str, Any]] = [
        {
            "task_id": id_,
            "task_name": f"t{id_}",
            "task_type": "SQL",
            "task_params": {"sql": text, "conn_id": "c"},
        }
        for id_, text in zip(TASKS, texts, strict=False)
    ]
    job = {
        "job_type": "j",
        "job_id": "1",
        "job_name": "j",
        "task_list": [task["task_id"] for task in tasks],
        "job_task_dependencies": [{"task_id": after, "pid": first} for first, after in order],
    }
    rows = read_rows(tasks, [job], [], toolchain)
    for dag in compile_rows(rows, toolchain):
        assert not has_errors(dag.diagnostics), dag.diagnostics
    return list(sql_findings(rows, toolchain).findings)
