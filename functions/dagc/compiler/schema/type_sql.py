"""What a type declares of its SQL, for those who look at it (`dagc.lineage`).

sql: {parameter: query, dialect: athena, database: [catalog], schema: database}
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import did_you_mean
from dagc.compiler.schema.checks import SchemaError

SQL_DIALECTS = (
    "athena", "bigquery", "databricks", "duckdb", "exasol", "hive", "mysql", "oracle", "postgres",
    "presto", "redshift", "snowflake", "spark", "sqlite", "teradata", "trino", "tsql",
)  # fmt: skip
"""The dialects that a type may name: what sqlglot calls them."""


class TypeSql(NamedTuple):
    """Which parameter of a type holds SQL, and in which dialect; "" where the database may be any.

    `database` are the parameters that say together where it runs: two tasks with the same values
    have the same tables. `schema` is the one whose value stands before a table's name that has no
    schema; "" where that is not known.
    """

    parameter: str
    dialect: str
    database: tuple[str, ...]
    schema: str


def compile_type_sql(declared: Any, known: Collection[str]) -> TypeSql | None:
    """Reads a type's `sql`; None where it declares none. `known` are its parameters. Raises
    SchemaError.
    """
    if declared is None:
        return None
    if not isinstance(declared, Mapping):
        raise SchemaError("sql: Write {dialect: …, parameter: …}.")
    if unknown := set(declared) - set(TypeSql._fields):
        raise SchemaError(f"sql: {min(unknown)!r}: {did_you_mean(min(unknown), TypeSql._fields)}")
    sql = TypeSql(
        parameter=declared.get("parameter", "sql"),
        dialect=declared.get("dialect", ""),
        database=tuple(declared.get("database") or ()),
        schema=declared.get("schema", ""),
    )
    for name in (sql.parameter, *sql.database, *filter(None, [sql.schema])):
        if name not in known:
            raise SchemaError(f"sql: no parameter {name!r}: {did_you_mean(str(name), known)}")
    if sql.dialect and sql.dialect not in SQL_DIALECTS:
        hint = did_you_mean(str(sql.dialect), SQL_DIALECTS)
        raise SchemaError(f"sql: no dialect {sql.dialect!r}: {hint}")
    return sql
