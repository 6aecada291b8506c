"""Splits SQL texts into statements, and these into words, with sqlglot's tokenizers."""

import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dagc.lineage.stand_ins import STAND_IN

if TYPE_CHECKING:  # sqlglot takes long to import
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.expressions import Expr
    from sqlglot.tokenizer_core import Token
    from sqlglot.tokens import Tokenizer

_TEXTS = {"STRING", "HEREDOC_STRING", "NATIONAL_STRING", "RAW_STRING", "BYTE_STRING", "HEX_STRING"}


class Word(NamedTuple):
    """A word, sign, name or text of a statement: without its quotes, and its place in the text."""

    text: str
    is_text: bool
    is_quoted_name: bool
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """The word in capitals, so that it can be compared; "" for what is in quotes."""
        return "" if self.is_text or self.is_quoted_name else self.text.upper()

    @property
    def is_of_jinja(self) -> bool:
        """Whether Jinja makes a part of it, and it is no text in quotes."""
        return STAND_IN in self.text and not self.is_text


Statement = tuple[Word, ...]
"""The words of one statement: at least one."""


@lru_cache(maxsize=16)
def dialect_of(name: str) -> "Dialect":
    """The dialect of sqlglot that is called so; "" is its own, which is the most lenient."""
    from sqlglot.dialects.dialect import Dialect

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it warns of what it cannot read
    return Dialect.get_or_raise(name)


@lru_cache(maxsize=4096)
def split(text: str, dialect: str) -> tuple[Statement, ...] | None:
    """The statements of `text`; None where they cannot be told apart."""
    try:
        words = list(_words(text, dialect))
    except Exception:  # noqa: BLE001  of a text that is no SQL, sqlglot may raise anything
        return None
    statements: list[Statement] = []
    begin = 0
    for index, word in enumerate(words):
        if word.keyword == ";":
            statements.append(tuple(words[begin:index]))
            begin = index + 1
    return tuple(statement for statement in (*statements, tuple(words[begin:])) if statement)


def keywords(words: Sequence[Word]) -> list[str]:
    """The keywords of `words`, "" for what is in quotes."""
    return [word.keyword for word in words]


def parsed(sql: str, dialect: str) -> "Expr | None":
    """The syntax tree of one statement; None where sqlglot does not know all of it."""
    from sqlglot import expressions as exp

    try:
        [tree] = dialect_of(dialect).parse(sql)
    except Exception:  # noqa: BLE001  a ParseError, or what sqlglot raises at what it does not know
        return None
    return None if tree is None or isinstance(tree, exp.Command) else tree


def place(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of a character of `text`, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _words(text: str, dialect: str) -> Iterator[Word]:
    for token in _tokens(text, dialect):
        kind = token.token_type.name
        yield Word(
            str(token.text), kind in _TEXTS, kind == "IDENTIFIER", token.start, token.end + 1
        )


def _tokens(text: str, dialect: str) -> "list[Token]":
    """The tokens of `text`. Athena hands some statements to Hive, whose quotes differ."""
    if dialect != "athena":
        return _tokenizer(dialect).tokenize(text)
    try:
        return _tokenizer("trino").tokenize(text)
    except Exception:  # noqa: BLE001  as `split`
        return _tokenizer("hive").tokenize(text)


@lru_cache(maxsize=16)
def _tokenizer(dialect: str) -> "Tokenizer":
    """Sqlglot's tokenizer, but for its habit to make one token of all behind such as UNLOAD."""
    known = dialect_of(dialect)
    own: type[Tokenizer] = type("Words", (known.tokenizer_class,), {"COMMANDS": set()})
    return own(dialect=known)
