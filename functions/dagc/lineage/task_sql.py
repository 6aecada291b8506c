"""Finds the SQL of a task in a job: its texts, where they stand, and in which database they run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dagc.compiler import (
    EXPAND,
    SQL_DIALECTS,
    Defaults,
    JobRow,
    JsonPath,
    Layer,
    RowKey,
    TaskRow,
    TypeSql,
    given_expand,
    is_result,
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
    tables; None where only a run knows. `schema` is that of names without one; "" where only the
    database knows. `is_result` says that the SQL is the result of another task.
    """

    task: TaskRow
    texts: tuple[SqlText, ...]
    database: tuple[tuple[str, str], ...] | None
    schema: str
    is_result: bool = False


def task_sql(job: JobRow, task: TaskRow, defaults: Defaults) -> TaskSql | None:
    """The SQL of `task` as `job` runs it; None where it has none."""
    if task.type is None or task.type.sql is None:
        return None
    sql = task.type.sql
    layers = task_layers(job, task, task.type.name, defaults)
    expand = given_expand(job.task_configs.get(task.task_id))
    merged = task.type.params.merge(*(layer.values or {} for layer in layers))
    params = {name: value for name, value in merged.items() if name not in expand}
    dialect = sql.dialect or _dialect_of(sql, params)
    texts = _mapped_texts(job, task, expand.get(sql.parameter), sql.parameter)
    given = [
        (layer, path, text)
        for path, text in _texts(params, sql.parameter)
        if (layer := layer_of(layers, path, text))
    ]
    schema = params.get(sql.schema)
    return TaskSql(
        task,
        tuple(
            SqlText(layer.row, layer.attribute, (*layer.path, *path), text, dialect)
            for layer, path, text in (*given, *texts)
        ),
        _database(sql, params, expand, dialect),
        schema.lower() if isinstance(schema, str) else "",
        is_result({**params, **expand}.get(sql.parameter)),
    )


def _database(
    sql: TypeSql, params: Mapping[str, Any], expand: Mapping[str, Any], dialect: str
) -> tuple[tuple[str, str], ...] | None:
    names = [name for name in sql.database if params.get(name) is not None]
    values = [*(params[name] for name in names), params.get(sql.schema)]
    of_a_run = any(_JINJA.search(str(value)) or is_result(value) for value in values)
    if of_a_run or not sql.database or not expand.keys().isdisjoint((*sql.database, sql.schema)):
        return None
    return (("", dialect), *((name, str(params[name])) for name in names))


def _mapped_texts(
    job: JobRow, task: TaskRow, values: Any, name: str
) -> Iterator[tuple[Layer, JsonPath, str]]:
    """The SQL texts in the list that the task is mapped over, and where they stand."""
    for index, value in enumerate(values if isinstance(values, list) else ()):
        path = (*job.task_configs[task.task_id].path, EXPAND, name, index)
        layer = Layer(job.row, "job_task_configs", path, {})
        for inner, text in _texts({name: value}, name):
            yield layer, inner[1:], text


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
