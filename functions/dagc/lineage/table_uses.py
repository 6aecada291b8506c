"""Collects the tables of a statement, and what it does with them.

A table is its name as the statement has it, without quotes, and in the case in which the database
compares names: `("mart", "sales")`. What a name without a schema stands for is not known here:
`("sales",)` is another table than `("mart", "sales")`.
"""

from collections import Counter, deque
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from dagc.lineage.sql_words import Word, dialect_of
from dagc.lineage.stand_ins import STAND_IN

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

Table = tuple[str, ...]


class How(StrEnum):
    """What a statement does with a table."""

    READS = "reads"
    FILLS = "fills"
    """Rows appear or change: INSERT, UPDATE, MERGE, COPY, CREATE TABLE AS, a table renamed to it.
    """
    CLEARS = "clears"
    """Nothing is left of what was there: TRUNCATE, DROP, a DELETE of all, CREATE TABLE AS."""
    CHANGES = "changes"
    """Rows go, or the table gets another form: DELETE of some, ALTER, CREATE without rows."""


class Use(NamedTuple):
    """A table, and what is done with it."""

    table: Table
    how: How


class Uses:
    """Collects uses, with the names as the database compares them."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.found: set[Use] = set()
        self.own: set[Table] = set()
        self.has_unknown = False

    def add(self, table: Table, how: How) -> None:
        """Adds a use; a name that is none, or that Jinja makes, is only noted."""
        if not table or any(STAND_IN in part for part in table):
            self.has_unknown = True
        else:
            self.found.add(Use(table, how))
            if len(table) == 1 and table[0].startswith("#"):
                self.own.add(table)

    def name(self, words: deque[Word]) -> Table:
        """Takes the dotted name at the beginning of `words`."""
        parts: list[str] = []
        while words and words[0].keyword not in ("(", ")", ","):
            word = words.popleft()
            parts.append(self._compared(word.text, is_quoted=word.is_quoted_name))
            if not words or words[0].keyword != ".":
                break
            words.popleft()
        return tuple(parts)

    def _compared(self, text: str, *, is_quoted: bool) -> str:
        from sqlglot import expressions as exp

        identifier = exp.Identifier(this=text, quoted=is_quoted)
        return str(dialect_of(self.dialect).normalize_identifier(identifier).name)

    def of_tree(self, tree: "Expr | None") -> bool:
        """Adds what a statement does; False where it is of a kind that is not known here."""
        from sqlglot import expressions as exp

        if tree is None:
            return False
        target, hows, is_read = _written(tree)
        if target is not None:
            table = self._table(target)
            for how in hows:
                self.add(table, how)
            if _is_temporary(tree, table):
                self.own.add(table)
        elif not isinstance(tree, exp.Query | exp.Values):
            return False
        for node in self._sources(tree, target) if is_read else ():
            self.add(self._table(node), How.READS)
        return True

    def _sources(self, tree: "Expr", target: "Expr | None") -> "Iterator[Expr]":
        """The tables that `tree` names, which are neither parts of it nor columns of others."""
        from sqlglot import expressions as exp

        nodes = [it for it in tree.find_all(exp.Table) if it is not target and it.parent]
        inner = {self._compared(it.alias, is_quoted=False) for it in tree.find_all(exp.CTE)}
        names = [self._compared(it.alias_or_name, is_quoted=False) for it in nodes]
        times = Counter(names)
        for node, own in zip(nodes, names, strict=True):
            table = self._table(node)
            is_column = len(table) > 1 and times[table[0]] > (own == table[0])
            if table and not is_column and not (len(table) == 1 and table[0] in inner):
                yield node

    def _table(self, node: "Expr") -> Table:
        """The name of a table; empty for a function, or what else may stand in its place."""
        from sqlglot import expressions as exp

        parts = node.parts if isinstance(node, exp.Table) else []
        if not all(isinstance(part, exp.Identifier) for part in parts):
            return ()
        return tuple(self._compared(it.name, is_quoted=bool(it.args.get("quoted"))) for it in parts)


def _written(tree: "Expr") -> "tuple[Expr | None, list[How], bool]":
    """What a statement writes, how, and whether the tables in it are read."""
    from sqlglot import expressions as exp

    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    match tree:
        case exp.Insert():
            return target, [How.FILLS, *([How.CLEARS] if tree.args.get("overwrite") else [])], True
        case exp.Update() | exp.Merge():
            return target, [How.FILLS], True
        case exp.Delete():
            return target, [How.CHANGES if tree.args.get("where") else How.CLEARS], True
        case exp.Create():
            return _created(tree, target)
    into = tree.args.get("into") if isinstance(tree, exp.Select) else None
    if into is not None:
        return into.this, [How.FILLS, How.CLEARS], True
    return None, [], True


def _created(tree: Any, target: Any) -> "tuple[Expr | None, list[How], bool]":
    from sqlglot import expressions as exp

    kind = str(tree.args.get("kind") or "").upper()
    if kind not in ("TABLE", "VIEW"):
        return None, [], False
    properties = tree.args.get("properties")
    is_stored = kind == "TABLE" or (properties and properties.find(exp.MaterializedProperty))
    if tree.args.get("expression") is None or not is_stored:
        return target, [How.CHANGES], False
    anew = [] if tree.args.get("exists") else [How.CLEARS]
    return target, [How.FILLS, *anew], True


def _is_temporary(tree: Any, table: Table) -> bool:
    from sqlglot import expressions as exp

    properties, into = tree.args.get("properties"), tree.args.get("into")
    is_declared = properties is not None and properties.find(exp.TemporaryProperty) is not None
    return is_declared or bool(into and into.args.get("temporary")) or table[:1] == ("pg_temp",)
