"""Warns of SQL that the way in which it is sent cannot run, as a type's `cases` ask for it.

    cases:
      - when: {conn_id: absent, sql: list}
        sql: [one-transaction]

The parameter is called `sql`, and is a text or a list of texts. All of this warns, and is no error:
who reads SQL without its grammar may be wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.schema.sql_text import has_jinja, placeholders, statements

Rule = Callable[[Mapping[str, Any], str], Iterator[Problem]]
"""Yields what is wrong with the `sql` of merged parameters, in a case with these words."""

_ALONE = re.compile(
    r"VACUUM|REINDEX DATABASE|ALTER TABLE \S+(?: ?\. ?\S+)? APPEND"
    r"|(?:CREATE|DROP) (?:DATABASE|TABLESPACE|LIBRARY)|CREATE OR REPLACE LIBRARY"
    r"|(?:CREATE|DROP|RENAME|ALTER) EXTERNAL TABLE",
    re.IGNORECASE,
)
"""How the statements begin that Redshift runs in no transaction ("Amazon Redshift Database
Developer Guide", SVL_MULTI_STATEMENT_VIOLATIONS; COPY and GRANT only sometimes are).
"""


def _one_transaction(params: Mapping[str, Any], words: str) -> Iterator[Problem]:
    """What is sent is one transaction (BatchExecuteStatement by default, a driver that does not
    commit by itself).
    """
    for path, text in _texts(params):
        for statement in statements(text):
            if alone := _ALONE.match(statement):
                is_own = params.get("conn_id") is not None
                yield _warning(
                    f"{_beginning(alone[0])} runs in no transaction, and this is one ({words})",
                    "Set autocommit to true."
                    if is_own
                    else "Give it a task of its own, as a text.",
                    path,
                )


def _one_statement(params: Mapping[str, Any], words: str) -> Iterator[Problem]:
    """A text is one statement: Redshift's own driver prepares it (issue 82 of its repository
    aws/amazon-redshift-python-driver), and the Data API wants it so ("API Reference",
    ExecuteStatement).
    """
    for path, text in _texts(params):
        if (count := len(statements(text))) > 1:
            is_own = params.get("conn_id") is not None
            yield _warning(
                f"{count} statements in one text, where one is taken ({words})",
                "Set split_statements to true, or write a list of texts."
                if is_own
                else "Write a list of texts: they run in this order, as one transaction.",
                path,
            )


def _placeholders(params: Mapping[str, Any], _words: str) -> Iterator[Problem]:
    """Names of placeholders and of `parameters` are the same: the Data API refuses one too many
    ("API Reference", BatchExecuteStatement, Parameters), and Redshift does not read `:day`.
    """
    given = params.get("parameters") or []
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        return
    names = {str(entry.get("name")) for entry in given}
    texts = list(_texts(params))
    for path, text in texts:
        for name in sorted(placeholders(text) - names):
            hint = f'Add {{"name": "{name}", "value": …}} to parameters.'
            if len(path) > 1:  # not every target has parameters for a list
                hint = "Write the value there, by Jinja such as {{ ds }}."
            yield _warning(f"':{name}' has no value", hint, path)
    if any(has_jinja(text) or not statements(text) for _, text in texts):
        return
    used = {name for _, text in texts for name in placeholders(text)}
    for index, entry in enumerate(given):
        if entry.get("name") not in used:
            message = (
                f"no ':{entry.get('name')}' in the SQL, and the Data API refuses what is unused"
            )
            yield _warning(message, "Remove it.", ("parameters", index))


SQL_RULES: Mapping[str, Rule] = {
    "one-transaction": _one_transaction,
    "one-statement": _one_statement,
    "placeholders": _placeholders,
}
"""The rules by the names that a type's `cases` have for them."""


def _texts(params: Mapping[str, Any]) -> Iterator[tuple[JsonPath, str]]:
    sql = params.get("sql")
    if isinstance(sql, str):
        yield ("sql",), sql
    elif isinstance(sql, list):
        for index, text in enumerate(sql):
            if isinstance(text, str):
                yield ("sql", index), text


def _beginning(words: str) -> str:
    return re.sub(r"(?<=TABLE) \S+(?: ?\. ?\S+)? (?=APPEND)", " … ", words.upper())


def _warning(message: str, hint: str, path: JsonPath) -> Problem:
    return Problem(Code.BAD_SQL, message, hint, path, Severity.WARNING)
