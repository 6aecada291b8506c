"""The last check of a file: Python can read it, and it holds the values that went in.

`compile()` checks the syntax and folds every literal into a constant; each text that was printed
must be found among these constants, equal to the last character.
"""

from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any

from dagc.syntax.nodes import Call, Entries, Keywords


class CorruptedFileError(Exception):
    """A file that does not say what its rows say: a bug of a template or of the layouter."""


def verified_names(source: str, values: Iterable[object]) -> set[str]:
    """The names that `source` uses, once it is sure to hold every text of `values` as a literal.

    Raises CorruptedFileError if it does not, or is no Python.
    """
    try:
        code = compile(source, "<dag>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise CorruptedFileError(f"no Python: {error}") from error
    codes = list(_codes(code))
    literals = {text for each in codes for text in _texts(each.co_consts)}
    for text in _texts(values):
        if text not in literals:
            raise CorruptedFileError(f"the literal {text[:80]!r} is lost")
    return {name for each in codes for name in each.co_names}


def _codes(code: CodeType) -> Iterator[CodeType]:
    """`code` and the functions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            yield from _texts(value.values())
        elif isinstance(value, list | tuple | frozenset):
            yield from _texts(value)
        elif isinstance(value, Call):
            yield from _texts(value.positional)
            yield from _texts(value.keywords.values())
        elif isinstance(value, Keywords | Entries):
            yield from _texts(value.values.values())
