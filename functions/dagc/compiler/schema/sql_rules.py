"""Warns of SQL that the way in which it is sent cannot run, as a type's `cases` ask for it.

    cases:
      - when: {conn_id: absent, sql: list}
        sql: [one-transaction]

The parameter is called `sql`, or as the case says (`sql: {query: [one-statement-a-task]}`), and is
a text or a list of texts. All of this warns, and is no error: who reads SQL without its grammar may
be wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.schema.sql_text import (
    has_jinja,
    most_statements,
    placeholders,
    statements,
)


class Sent(NamedTuple):
    """The SQL in the parameter `name` of merged `params`: its `texts`, each with its path. `words`
    are those of the case in which it is sent so.
    """

    params: Mapping[str, Any]
    name: str
    texts: Sequence[tuple[JsonPath, str]]
    words: str


Rule = Callable[[Sent], Iterator[Problem]]
"""Yields what is wrong with SQL."""

_ALONE = re.compile(
    r"VACUUM|REINDEX DATABASE|ALTER TABLE \S+(?: ?\. ?\S+)? APPEND"
    r"|(?:CREATE|DROP) (?:DATABASE|TABLESPACE|LIBRARY)|CREATE OR REPLACE LIBRARY"
    r"|(?:CREATE|DROP|RENAME|ALTER) EXTERNAL TABLE",
    re.IGNORECASE,
)
"""How the statements begin that Redshift runs in no transaction ("Amazon Redshift Database
Developer Guide", SVL_MULTI_STATEMENT_VIOLATIONS; COPY and GRANT only sometimes are).
"""

_OF_TRANSACTION = re.compile(
    r"(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT)(?: (?:TRANSACTION|WORK))?", re.IGNORECASE
)


def _one_transaction(sent: Sent) -> Iterator[Problem]:
    """What is sent is one transaction (BatchExecuteStatement by default, a driver that does not
    commit by itself).
    """
    for path, text in sent.texts:
        for alone in _alone(text):
            is_own = sent.params.get("conn_id") is not None
            yield _warning(
                f"{alone} runs in no transaction, and this is one ({sent.words})",
                "Set autocommit to true." if is_own else "Give it a task of its own, as a text.",
                path,
            )


def _one_statement(sent: Sent) -> Iterator[Problem]:
    """A text is one statement: Redshift's own driver prepares it (issue 82 of its repository
    aws/amazon-redshift-python-driver), and the Data API wants it so ("API Reference",
    ExecuteStatement).
    """
    is_own = sent.params.get("conn_id") is not None
    for path, text, number in _of_several(sent):
        yield _warning(
            f"{number} statements in one text, where one is taken ({sent.words})",
            "Set split_statements to true, or write a list of texts."
            if is_own
            else _as_a_list(text),
            path,
        )


def _as_a_list(text: str) -> str:
    """Says how the Data API takes the statements of `text`."""
    if alone := list(_alone(text)):
        return f"{alone[0]} runs in no transaction: make a task of every statement."
    own = [part.upper() for part in statements(text) or () if _OF_TRANSACTION.fullmatch(part)]
    names = " and ".join(dict.fromkeys(own))
    if own and most_statements(text) == len(own) + 1:
        return f"Leave out {names}: a statement is a transaction by itself."
    without = f", without {names}" if own else ""
    whole = " Jinja cannot lead from one text to the next." if "{%" in text else ""
    return f"Write a list of texts{without}: they run in this order, as one transaction.{whole}"


def _one_statement_a_task(sent: Sent) -> Iterator[Problem]:
    """Athena takes one statement, and its operator no list ("User Guide", Considerations and
    limitations for SQL queries).
    """
    for path, _, number in _of_several(sent):
        message = f"{number} statements in one text, where one is taken"
        yield _warning(message, "Make a task of every statement.", path)


def _some_statement(sent: Sent) -> Iterator[Problem]:
    """A driver refuses SQL without a statement, or does nothing (psycopg2: "can't execute an empty
    query").
    """
    for path, text in sent.texts:
        begins_with_one = text.lstrip()[:1].isalpha()  # as nearly all do
        if not begins_with_one and statements(text) == () and text.strip():
            hint = "Write a statement."
            if "--" in text:
                hint += " A -- comment ends with its line: in YAML, | keeps lines, > joins them."
            yield _warning("no statement in this text", hint, path)


def _ascii_semicolons(sent: Sent) -> Iterator[Problem]:
    """A full-width semicolon, as Chinese input makes it, ends no statement."""
    for path, text in sent.texts:
        if "；" in text and any("； " in f"{part} " for part in statements(text) or ()):
            yield _warning("a full-width ； where a statement ends", "Write ; for ；.", path)


def _placeholders(sent: Sent) -> Iterator[Problem]:
    """Names of placeholders and of `parameters` are the same: the Data API refuses one too many
    ("API Reference", BatchExecuteStatement, Parameters), and Redshift does not read `:day`.
    """
    given = sent.params.get("parameters") or []
    if not isinstance(given, list):
        return
    if not all(isinstance(entry, dict) and "name" in entry for entry in given):
        return  # the schema says what is wrong with it
    names = {str(entry["name"]) for entry in given}
    for path, text in sent.texts:
        for placeholder in sorted(placeholders(text) - names):
            hint = f'Add {{"name": "{placeholder}", "value": …}} to parameters.'
            if len(path) > 1:  # not every target has parameters for a list
                hint = "Write the value there, by Jinja such as {{ ds }}."
            yield _warning(f"':{placeholder}' has no value", hint, path)
    sql = sent.params.get(sent.name)
    if len(sent.texts) != (len(sql) if isinstance(sql, list) else 1):
        return  # what a task returns, or several tasks are mapped over, may use any
    if not given or any(has_jinja(text) or not statements(text) for _, text in sent.texts):
        return
    used = {name for _, text in sent.texts for name in placeholders(text)}
    for index, entry in enumerate(given):
        if entry.get("name") not in used:
            message = (
                f"no ':{entry.get('name')}' in the SQL, and the Data API refuses what is unused"
            )
            yield _warning(message, "Remove it.", ("parameters", index))


SQL_RULES: Mapping[str, Rule] = {
    "one-transaction": _one_transaction,
    "one-statement": _one_statement,
    "one-statement-a-task": _one_statement_a_task,
    "ascii-semicolons": _ascii_semicolons,
    "some-statement": _some_statement,
    "placeholders": _placeholders,
}
"""The rules by the names that a type's `cases` have for them."""


def sent_sql(params: Mapping[str, Any], name: str, words: str) -> Sent:
    """Returns the SQL in the parameter `name` of merged `params`, in a case with `words`."""
    sql = params.get(name)
    entries = enumerate(sql) if isinstance(sql, list) else ()
    texts: list[tuple[JsonPath, str]] = [((name,), sql)] if isinstance(sql, str) else []
    texts += [((name, index), text) for index, text in entries if isinstance(text, str)]
    return Sent(params, name, texts, words)


def _of_several(sent: Sent) -> Iterator[tuple[JsonPath, str, str]]:
    """Yields the texts of more than one statement, and how many these are, in words."""
    for path, text in sent.texts:
        if ";" in text and (count := most_statements(text)) > 1:
            yield path, text, "several" if "{%" in text else str(count)


def _alone(text: str) -> Iterator[str]:
    """Yields the beginnings of the statements that run in no transaction."""
    for statement in statements(text) or ():
        if found := _ALONE.match(statement):
            yield _beginning(found[0])


def _beginning(words: str) -> str:
    return re.sub(r"(?<=TABLE) \S+(?: ?\. ?\S+)? (?=APPEND)", " … ", words.upper())


def _warning(message: str, hint: str, path: JsonPath) -> Problem:
    return Problem(Code.BAD_SQL, message, hint, path, Severity.WARNING)
