"""Redshift's SQL in PostgreSQL's words.

sqlglot knows the functions, types and clauses of both. What is added here is what only Redshift's
storage has a use for, and its two own statements, COPY and UNLOAD.
"""

import logging
from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from demo.airflow.redshift_data.errors import StatementError
from demo.airflow.redshift_data.transfer_syntax import Copy, Unload, parse_transfer

PRELUDE = """
CREATE OR REPLACE FUNCTION public.getdate() RETURNS timestamp
LANGUAGE sql STABLE AS $$SELECT statement_timestamp()::timestamp$$;

CREATE OR REPLACE FUNCTION public.sha256(text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$SELECT sha256(convert_to($1, 'UTF8'))$$
"""
"""What a database needs once: functions that PostgreSQL lacks, also for SQL that is a text."""

_STORAGE = (
    exp.DistStyleProperty,
    exp.DistKeyProperty,
    exp.SortKeyProperty,
    exp.BackupProperty,
)
_TYPES = {"VARCHAR(MAX)": "TEXT", "SUPER": "JSONB"}

# It warns of what it leaves as it is. PostgreSQL then says what it thinks of that.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


def translate(text: str, parameters: Mapping[str, str]) -> Copy | Unload | str:
    """One statement of Redshift: a transfer, or SQL for PostgreSQL, with the parameters in it."""
    transfer = parse_transfer(text)
    if isinstance(transfer, Unload):
        return transfer.of(translate_query(transfer.query))
    if transfer is not None:
        return transfer
    return translate_query(text, parameters)


def translate_query(text: str, parameters: Mapping[str, str] | None = None) -> str:
    """One statement in PostgreSQL's SQL."""
    try:
        found = [
            statement for statement in sqlglot.parse(text, read="redshift") if statement is not None
        ]
        if len(found) != 1:
            raise StatementError("ERROR: cannot insert multiple commands into a prepared statement")
        if isinstance(found[0], exp.Command):
            return text
        changed = found[0].transform(_changed, parameters or {})
        assert changed is not None
        return changed.sql("postgres", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise StatementError(f"ERROR: {_first_line(error)}") from error


def parameter_names(text: str) -> set[str]:
    """The names of the placeholders, such as `:day`; none, where the text is no SQL."""
    try:
        found = sqlglot.parse(text, read="redshift")
    except SqlglotError:
        return set()
    return {
        placeholder.name
        for statement in found
        if statement is not None
        for placeholder in statement.find_all(exp.Placeholder)
    }


def _changed(node: exp.Expr, parameters: Mapping[str, str]) -> exp.Expr | None:
    if isinstance(node, (*_STORAGE, exp.EncodeColumnConstraint)):
        return None
    if isinstance(node, exp.Create):
        # A late-binding view is a view, for as long as its tables stay.
        node.set("no_schema_binding", None)
    if isinstance(node, exp.Analyze | exp.GrantPrincipal):
        # Which columns, and which kind of grantee: PostgreSQL does not ask.
        node.set("expression", None)
        node.set("kind", None)
    if isinstance(node, exp.DataType) and (name := _TYPES.get(node.sql("redshift"))):
        return exp.DataType.build(name, dialect="postgres")
    if isinstance(node, exp.Placeholder) and node.name in parameters:
        # An untyped literal takes the type that its place asks for, as a bound value does.
        return exp.Literal.string(parameters[node.name])
    return node


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
