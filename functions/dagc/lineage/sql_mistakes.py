"""Finds what is certainly a mistake in an SQL text.

sqlglot does not know all that the databases accept, so that what it refuses is no mistake for that
alone. A mistake is what none of the databases of `_PROVEN` takes, by their grammars: a bracket or a
quote without its other half, a keyword with nothing where something must stand. Or it is a word
with which sqlglot refuses the statement, and with the keyword that it resembles accepts it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from dagc.lineage.sql_words import Statement, Word, keywords, parsed, place, split
from dagc.lineage.stand_ins import with_stand_ins


class Mistake(NamedTuple):
    """What is wrong, what to do, and where in the text (from 1)."""

    message: str
    hint: str
    line: int
    column: int


class _Found(NamedTuple):
    """A mistake at the offset `at`."""

    message: str
    hint: str
    at: int


_PROVEN = {"athena", "postgres", "presto", "redshift", "spark", "trino"}
_LENIENT = {"spark"}
"""These take keywords as names, so that what follows one proves nothing."""


@lru_cache(maxsize=4096)
def sql_mistakes(text: str, dialect: str) -> tuple[Mistake, ...]:
    """The first mistake of each statement of an SQL text with Jinja in it. Never raises.

    No mistake where Jinja has conditions or loops: no reading of such a text is what runs.
    """
    readings = with_stand_ins(text)
    if dialect not in _PROVEN or readings is None or readings.has_blocks:
        return ()
    sql = readings.texts[0]
    if re.search(r"\\['\"]", sql):
        return ()  # whether a backslash belongs to the text depends on the database's settings
    if unclosed := _unclosed(sql):
        return (_placed(unclosed, text),)
    found: list[_Found] = []
    for statement in split(sql, dialect) or ():
        mistakes = _mistakes(statement, sql, dialect, balanced=readings.balanced)
        found += [mistake for mistake in [next(mistakes, None)] if mistake]
    return tuple(_placed(mistake, text) for mistake in found)


def _placed(found: _Found, text: str) -> Mistake:
    return Mistake(found.message, found.hint, *place(text, found.at))


_IN_QUOTES = re.compile(
    r"--[^\n]*|/\*.*?(?P<comment>\*/|\Z)|'[^']*(?P<text>'|\Z)|\"[^\"]*(?P<name>\"|\Z)", re.DOTALL
)
_WHAT = {"comment": "comment /*", "text": "quote '", "name": 'quote "'}
_CLOSES = {"comment": "*/", "text": "'", "name": '"'}


def _unclosed(sql: str) -> _Found | None:
    """A quote or a comment that does not end. None where another reading of the text is possible:
    backticks and dollars quote in some databases, and some have comments in comments.
    """
    if re.search(r"`|\$|/\*[^*]*/\*", sql):
        return None
    for found in _IN_QUOTES.finditer(sql):
        kind = found.lastgroup
        if kind and not found[kind]:
            hint = f"Close it with {_CLOSES[kind]}, or look for one too many before it."
            if kind == "text":
                hint += " Within a text, a quote is written twice: ''."
            return _Found(f"the {_WHAT[kind]} is never closed", hint, found.start())
    return None


def _mistakes(statement: Statement, sql: str, dialect: str, *, balanced: bool) -> Iterator[_Found]:
    """The mistakes of one statement, those that may have caused the others first."""
    has_jinja = any(word.is_of_jinja for word in statement)
    if balanced or not has_jinja:
        yield from _brackets(statement)
    is_query = statement[0].keyword in _QUERIES
    if is_query and dialect not in _LENIENT:
        yield from _nothing_where_something_must_be(statement)
    if not has_jinja and (is_query or _similar(statement[0])):
        yield from _slips(statement, sql, dialect)


_QUERIES = {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE"}
_PAIRS = {"(": ")", "[": "]"}


def _brackets(statement: Statement) -> Iterator[_Found]:
    open_: list[Word] = []
    for word in statement:
        sign = word.keyword
        if sign in _PAIRS:
            open_.append(word)
        elif sign in _PAIRS.values():
            if not open_:
                yield _Found(f"'{sign}' closes nothing", "Remove it, or open it.", word.start)
                return
            opening = open_.pop()
            if _PAIRS[opening.text] != sign:
                message = f"'{opening.text}' is closed by '{sign}'"
                yield _Found(message, f"Close it with '{_PAIRS[opening.text]}'.", opening.start)
                return
    if open_:
        word = open_[0]
        yield _Found(
            f"'{word.text}' is never closed", f"Close it with '{_PAIRS[word.text]}'.", word.start
        )


_CLAUSES = {"WHERE", "HAVING", "GROUP BY", "ORDER BY", "FROM", "JOIN", "UNION", "EXCEPT", ""}
_OPERATORS = {"=", "<>", "!=", "<=", ">=", "||"}
_NEEDS_MORE = {
    **{it: {"AND", "OR", ")", ",", *_CLAUSES} for it in ("WHERE", "HAVING", "AND", "OR", "ON")},
    **{it: {"AND", "OR", ")", ",", *_CLAUSES, *_OPERATORS} for it in _OPERATORS},
    **{it: {")", ",", *_CLAUSES} for it in ("GROUP BY", "ORDER BY")},
    **{it: {"ON", ")", ",", *_CLAUSES} for it in ("FROM", "JOIN")},
    "UNION": {")", *_CLAUSES},
    "SET": {"WHERE", ",", "FROM", ""},
    "IN": {")", ",", "AND", "OR", *_CLAUSES},
    "WHEN": {"THEN", "ELSE", "END", ""},
    "THEN": {"WHEN", "ELSE", "END", ""},
    "ELSE": {"END", ""},
    ",": {")", ",", "FROM", "WHERE", "HAVING", "GROUP BY", "ORDER BY", "UNION", ""},
    "(": {","},
}
"""After the words and signs on the left, none of those on the right can stand; "" is the end."""


def _nothing_where_something_must_be(statement: Statement) -> Iterator[_Found]:
    """A condition, a table, a column, … that is missing. A keyword behind a dot or AS is a name."""
    words = keywords(statement)
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else None
        is_name = before in (".", "AS") or words[index + 2 : index + 3] == ["."]
        is_known = after != ""
        if is_known and not is_name and (after or "") in _NEEDS_MORE.get(word, ()):
            ends = f"{after!r} follows" if after else "the statement ends"
            message = f"{ends} directly after {word!r}"
            hint = f"Write what belongs between them, or remove {word!r}."
            if not after:
                hint = f"Write what belongs behind it, or remove {word!r}."
            yield _Found(message, hint, statement[index].start)


_KEYWORDS = (
    "BETWEEN", "DELETE", "DISTINCT", "EXCEPT", "EXISTS", "FROM", "GROUP", "HAVING", "INNER",
    "INSERT", "INTERSECT", "INTO", "JOIN", "LIMIT", "MATCHED", "ORDER", "OUTER", "PARTITION",
    "SELECT", "TABLE", "UNION", "UPDATE", "USING", "VALUES", "WHEN", "WHERE", "WITH",
)  # fmt: skip
_MOST_SLIPS = 8


def _slips(statement: Statement, sql: str, dialect: str) -> Iterator[_Found]:
    """A word that is like a keyword, where the statement is refused with it, and read without."""
    begin, end = statement[0].start, statement[-1].end
    similar = [(word, near) for word in statement if (near := _similar(word))]
    if not similar or parsed(sql[begin:end], dialect) is not None:
        return
    for word, keyword in similar[:_MOST_SLIPS]:
        repaired = sql[begin : word.start] + keyword + sql[word.end : end]
        if parsed(repaired, dialect) is not None:
            message = f"{word.text!r}, where only {keyword!r} makes a statement of it"
            yield _Found(message, f"Write {keyword} for {word.text}.", word.start)
            return


def _similar(word: Word) -> str | None:
    return _keyword_like(word.keyword)


@lru_cache(maxsize=4096)
def _keyword_like(word: str) -> str | None:
    from difflib import get_close_matches

    if len(word) < 3 or not word.isalpha() or word in _KEYWORDS:
        return None
    near = get_close_matches(word, _KEYWORDS, n=1, cutoff=0.75)
    return near[0] if near else None
