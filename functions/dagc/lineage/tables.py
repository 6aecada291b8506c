"""Which tables an SQL text reads and writes. Pure: a text and its dialect in, nothing else."""

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dagc.lineage.sql_words import Statement, Word, keywords, parsed, place, split
from dagc.lineage.stand_ins import with_stand_ins
from dagc.lineage.table_uses import How, Table, Use, Uses


class SqlStatement(NamedTuple):
    """A statement: where it begins (from 1), its first words, and what it does with tables.

    `own` are the temporary tables that it makes. Not `is_known`: it was passed over, or Jinja makes
    one of its names, so that it may do more than `uses` says.
    """

    line: int
    column: int
    verb: str
    uses: frozenset[Use] = frozenset()
    own: frozenset[Table] = frozenset()
    is_known: bool = True


PASSED_OVER = SqlStatement(1, 1, "", is_known=False)
"""Stands for a text of which not even the statements can be told apart."""


@lru_cache(maxsize=4096)
def statements_of(text: str, dialect: str) -> tuple[SqlStatement, ...]:
    """The statements of an SQL text with Jinja in it. `dialect` is one of sqlglot's, or "".

    Never raises. Where a condition of Jinja stands in the text, what a statement does is what it
    does with each branch.
    """
    readings = with_stand_ins(text)
    found = [_read(reading, dialect) for reading in readings.texts] if readings else []
    if not found or None in found:
        return (PASSED_OVER,)
    first, *others = (statements for statements in found if statements is not None)
    for other in others:
        common = {use for statement in other for use in statement.uses}
        first = tuple(it._replace(uses=it.uses & common) for it in first)
    return first


def used_tables(statements: Sequence[SqlStatement]) -> dict[Use, int]:
    """What the statements of one session do, without their temporary tables: each use with the
    index of the first statement that does it.
    """
    own = {table for statement in statements for table in statement.own}
    uses: dict[Use, int] = {}
    for index, statement in enumerate(statements):
        for use in statement.uses:
            if use.table not in own:
                uses.setdefault(use, index)
    return uses


def _read(text: str, dialect: str) -> tuple[SqlStatement, ...] | None:
    statements = split(text, dialect)
    if statements is None:
        return None
    return tuple(_statement(statement, text, dialect) for statement in statements)


_NO_TABLES = {
    "ABORT", "ANALYZE", "BEGIN", "CLOSE", "COMMENT", "COMMIT", "DEALLOCATE", "DESCRIBE", "END",
    "EXPLAIN", "GRANT", "LOCK", "RESET", "REVOKE", "ROLLBACK", "SET", "SHOW", "START", "USE",
    "VACUUM", "OPTIMIZE",
}  # fmt: skip
"""How statements begin that neither read nor write rows, as far as an order is concerned."""
_NO_TABLES_CREATED = {
    "DATABASE", "DATASHARE", "FUNCTION", "GROUP", "LIBRARY", "MODEL", "POLICY", "PROCEDURE", "ROLE",
    "SCHEMA", "USER",
}  # fmt: skip
_QUERIES = {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "VALUES", "("}


def _statement(statement: Statement, text: str, dialect: str) -> SqlStatement:
    words = keywords(statement)
    read = SqlStatement(*place(text, statement[0].start), words[0])
    if words[0] in _NO_TABLES or _creates_no_table(words):
        return read
    uses = Uses(dialect)
    try:
        is_known = _collect(statement, words, text, uses)
    except Exception:  # noqa: BLE001  sqlglot's trees of what it does not know have any form
        is_known = False
    if not is_known:
        return read._replace(is_known=False)
    return read._replace(
        uses=frozenset(uses.found), own=frozenset(uses.own), is_known=not uses.has_unknown
    )


def _creates_no_table(words: list[str]) -> bool:
    if words[0] not in ("CREATE", "ALTER", "DROP"):
        return False
    kind = [word for word in words[1:5] if word not in ("OR", "REPLACE", "EXTERNAL")]
    return bool(kind) and kind[0] in _NO_TABLES_CREATED


def _collect(statement: Statement, words: list[str], text: str, uses: Uses) -> bool:
    """Adds what the statement does; False where that is not known."""
    rest = deque(statement)
    match words:
        case ["COPY" | "UNLOAD", "(", *_]:
            return _collect_unloaded(statement, text, uses)
        case ["COPY", *_]:
            _skip(rest, "COPY")
            uses.add(uses.name(rest), How.READS if "TO" in words[:40] else How.FILLS)
        case ["TRUNCATE", *_] | ["DROP", "TABLE" | "VIEW" | "MATERIALIZED", *_]:
            _collect_cleared(rest, uses)
        case ["ALTER", "TABLE", *_]:
            _collect_altered(rest, uses)
        case ["MSCK REPAIR", "TABLE", *_] | ["MSCK", "REPAIR", "TABLE", *_]:
            _skip(rest, "MSCK REPAIR", "MSCK", "REPAIR", "TABLE")
            uses.add(uses.name(rest), How.FILLS)
        case ["REFRESH", "MATERIALIZED", "VIEW", *_]:
            _skip(rest, "REFRESH", "MATERIALIZED", "VIEW", "CONCURRENTLY")
            uses.add(uses.name(rest), How.FILLS)
        case ["MERGE", *_, "REMOVE", "DUPLICATES"]:  # Redshift's short form
            merge = text[statement[0].start : statement[-3].end] + " WHEN MATCHED THEN DELETE"
            return uses.of_tree(parsed(merge, uses.dialect))
        case [first, *_] if first in _QUERIES:
            return uses.of_tree(parsed(text[statement[0].start : statement[-1].end], uses.dialect))
        case _:
            return False
    return True


def _collect_unloaded(statement: Statement, text: str, uses: Uses) -> bool:
    """UNLOAD ('select …') TO, UNLOAD (SELECT …) TO, COPY (SELECT …) TO."""
    if len(statement) > 3 and statement[2].is_text:
        return uses.of_tree(parsed(statement[2].text, uses.dialect))
    depth = 0
    for word in statement[1:]:
        depth += {"(": 1, ")": -1}.get(word.keyword, 0)
        if not depth:
            return uses.of_tree(parsed(text[statement[1].end : word.start], uses.dialect))
    return False


def _collect_cleared(words: deque[Word], uses: Uses) -> None:
    _skip(words, "TRUNCATE", "DROP", "TABLE", "VIEW", "MATERIALIZED", "IF", "EXISTS", "ONLY")
    while words:
        uses.add(uses.name(words), How.CLEARS)
        if not words or words.popleft().keyword != ",":
            return


def _collect_altered(words: deque[Word], uses: Uses) -> None:
    _skip(words, "ALTER", "TABLE", "IF", "EXISTS", "ONLY")
    name = uses.name(words)
    match keywords([*islice(words, 4)]):
        case ["RENAME", "TO", *_]:
            _skip(words, "RENAME", "TO")
            new = uses.name(words)
            new = (*name[:-1], *new) if len(new) == 1 else new
            uses.add(name, How.CLEARS)
            uses.add(new, How.CLEARS)
            uses.add(new, How.FILLS)
        case ["APPEND", "FROM", *_]:
            _skip(words, "APPEND", "FROM")
            source = uses.name(words)
            uses.add(name, How.FILLS)
            uses.add(source, How.READS)
            uses.add(source, How.CLEARS)
        case ["ADD", "PARTITION", *_] | ["ADD", "IF", "NOT", "EXISTS"]:
            uses.add(name, How.FILLS)
        case _:
            uses.add(name, How.CHANGES)


def _skip(words: deque[Word], *leading: str) -> None:
    while words and words[0].keyword in leading:
        words.popleft()
