"""COPY and UNLOAD as they are written: which tables and objects, and how the objects are laid out.

An option that is not known here is an error: rows that are read otherwise than Redshift reads them
would be wrong in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlglot
from sqlglot.tokenizer_core import Token, TokenType

from demo.airflow.redshift_data.errors import StatementError

Options = dict[str, str]

_FLAGS = {"CSV", "GZIP", "EMPTYASNULL", "HEADER", "ALLOWOVERWRITE"}
_WITH_VALUE = {
    "FORMAT", "DELIMITER", "IGNOREHEADER", "DATEFORMAT", "TIMEFORMAT", "MAXERROR", "PARALLEL",
    # Who may read, and how Redshift stores: of no concern here.
    "IAM_ROLE", "REGION", "COMPUPDATE", "STATUPDATE",
}  # fmt: skip
_ONLY = {
    "FORMAT": {"CSV"},
    "DATEFORMAT": {"AUTO", "YYYY-MM-DD"},
    "TIMEFORMAT": {"AUTO", "YYYY-MM-DD HH:MI:SS"},
    "MAXERROR": {"0"},
    "PARALLEL": {"ON", "OFF", "TRUE", "FALSE"},
}


@dataclass(frozen=True)
class Copy:
    """`COPY table (columns) FROM 's3://…'`; `columns` has its parentheses, or is empty."""

    table: str
    columns: str
    source: str
    options: Options


@dataclass(frozen=True)
class Unload:
    """`UNLOAD ('query') TO 's3://…'`."""

    query: str
    target: str
    options: Options

    def of(self, query: str) -> "Unload":
        """The same of another query."""
        return replace(self, query=query)


def parse_transfer(text: str) -> Copy | Unload | None:
    """What a COPY or UNLOAD says; None for any other statement."""
    tokens = sqlglot.tokenize(text, read="redshift")
    if not tokens or tokens[0].text.upper() not in {"COPY", "UNLOAD"}:
        return None
    if tokens[0].text.upper() == "COPY":
        return _copy(text, tokens)
    # sqlglot leaves what it does not parse as one text.
    words = [tokens[0], *sqlglot.tokenize(tokens[1].text, read="redshift")]
    return _unload(words if len(tokens) == 2 else tokens)


def _copy(text: str, tokens: list[Token]) -> Copy:
    at = next((i for i, token in enumerate(tokens) if token.text.upper() == "FROM"), len(tokens))
    if at + 1 >= len(tokens) or at == 1:
        raise _unclear("COPY")
    opens = next((i for i in range(1, at) if tokens[i].token_type is TokenType.L_PAREN), at)
    table = text[tokens[1].start : tokens[opens - 1].end + 1]
    columns = text[tokens[opens].start : tokens[at - 1].end + 1] if opens < at else ""
    return Copy(table, columns, _address(tokens[at + 1]), _options("COPY", tokens[at + 2 :]))


def _unload(tokens: list[Token]) -> Unload:
    kinds = [token.token_type for token in tokens[1:4]]
    if kinds != [TokenType.L_PAREN, TokenType.STRING, TokenType.R_PAREN] or len(tokens) < 6:
        raise _unclear("UNLOAD")
    return Unload(tokens[2].text, _address(tokens[5]), _options("UNLOAD", tokens[6:]))


def _address(token: Token) -> str:
    if token.token_type is not TokenType.STRING or not token.text.startswith("s3://"):
        raise StatementError(f"ERROR: {token.text!r} is no address of objects in Amazon S3")
    return token.text


def _options(command: str, tokens: list[Token]) -> Options:
    found: Options = {}
    rest = iter([token for token in tokens if token.token_type is not TokenType.SEMICOLON])
    for token in rest:
        name = token.text.upper()
        if name in _WITH_VALUE:
            found[name] = _value(rest)
        elif name in _FLAGS:
            found[name] = "ON"
        else:
            raise StatementError(f"ERROR: the local Redshift knows no {command} with {name}")
        if name in _ONLY and found[name].upper() not in _ONLY[name]:
            said = f"{name} {found[name]}"
            raise StatementError(f"ERROR: the local Redshift knows no {command} with {said}")
    return found


def _value(rest: Iterator[Token]) -> str:
    token = next(rest, None)
    if token is not None and token.text.upper() == "AS":
        token = next(rest, None)
    if token is None:
        raise _unclear("options")
    return token.text


def _unclear(what: str) -> StatementError:
    return StatementError(f'ERROR: syntax error in "{what}"')
