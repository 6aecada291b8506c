"""Finds the SQL of a task in a job: its texts, where they stand, and in which database they run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dagc.compiler import (
    SQL_DIALECTS,
    Defaults,
    JobRow,
    JsonPath,
    RowKey,
    TaskRow,
    TypeSql,
    layer_of,
    task_layers,
)

_JINJA = re.compile(r"\{[{%#]")
_OTHER_NAMES = {"postgresql": "postgres", "mssql": "tsql", "sparksql": "spark"}


class SqlText(NamedTuple):
    """An SQL text, and where it stands."""

    row: RowKey
    attribute: str
    path: JsonPath
    text: str
    dialect: str


class TaskSql(NamedTuple):
    """The SQL of a task. `database` says where it runs: tasks with an equal one have the same
    tables; None where only Jinja knows. `schema` is that of names without one; "" where only the
    database knows.
    """

    task: TaskRow
    texts: tuple[SqlText, ...]
    database: tuple[tuple[str, str], ...] | None
    schema: str


def task_sql(job: JobRow, task: TaskRow, defaults: Defaults) -> TaskSql | None:
    """The SQL of `task` as `job` runs it; None where it has none."""
    if task.type is None or task.type.sql is None:
        return None
    sql = task.type.sql
    layers = task_layers(job, task, task.type.name, defaults)
    params = task.type.params.merge(*(layer.values or {} for layer in layers))
    dialect = sql.dialect or _dialect_of(sql, params)
    texts = []
    for path, text in _texts(params, sql.parameter):
        if layer := layer_of(layers, path, text):
            place = (*layer.path, *path)
            texts.append(SqlText(layer.row, layer.attribute, place, text, dialect))
    schema = params.get(sql.schema)
    names = [(name, str(params[name])) for name in sql.database if params.get(name) is not None]
    by_jinja = any(_JINJA.search(text) for text in (*(text for _, text in names), str(schema)))
    return TaskSql(
        task,
        tuple(texts),
        None if by_jinja or not sql.database else (("", dialect), *names),
        schema.lower() if isinstance(schema, str) else "",
    )


def _texts(params: Mapping[str, Any], name: str) -> Iterator[tuple[JsonPath, str]]:
    value = params.get(name)
    if isinstance(value, str):
        yield (name,), value
    elif isinstance(value, list):
        for index, text in enumerate(value):
            if isinstance(text, str):
                yield (name, index), text


def _dialect_of(sql: TypeSql, params: Mapping[str, Any]) -> str:
    """The dialect that a connection is named for, such as `redshift_default`; "" for none."""
    for name in sql.database:
        for word in re.split(r"[^a-z0-9]+", str(params.get(name) or "").lower()):
            if (dialect := _OTHER_NAMES.get(word, word)) in SQL_DIALECTS:
                return dialect
    return ""
