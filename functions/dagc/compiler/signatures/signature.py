"""What one operator takes in one target, as it was read from the real Airflow."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_MARKS = {"required", "templated"}


class Argument(NamedTuple):
    """An argument: whether it must be given, whether Airflow renders it, and what it may be.

    `kinds` are some of `string integer number boolean object array null timedelta datetime`;
    `("python",)` where only an object of Python will do (a connection, a callback, a class); none
    where the operator says nothing of it, or that it may be anything.
    """

    required: bool
    templated: bool
    kinds: tuple[str, ...]


class Signature(NamedTuple):
    """An operator or sensor: where it is imported from, the pip package that has it ("" is Airflow
    itself), and its arguments, without those that every operator has.

    A `deferrable` one without an argument of that name always defers. `replaced_by` is "" unless
    the class is deprecated: then the class to take, or several ("A, B"); where none is named,
    what Airflow says.
    """

    name: str
    module: str
    package: str
    arguments: Mapping[str, Argument]
    deferrable: bool
    sensor: bool
    template_ext: tuple[str, ...]
    replaced_by: str

    @property
    def path(self) -> str:
        """The whole import path."""
        return f"{self.module}.{self.name}"


def read_signature(name: str, recorded: Mapping[str, Any]) -> Signature:
    """Returns the signature of the class `name` that `tests/airflow/record_operators.py` wrote."""
    return Signature(
        name,
        recorded["module"],
        recorded["package"],
        {argument: _argument(words) for argument, words in recorded["arguments"].items()},
        recorded["deferrable"],
        recorded["sensor"],
        tuple(recorded["template_ext"]),
        recorded["replaced_by"],
    )


def _argument(words: str) -> Argument:
    """An argument in words, such as "required templated array string"."""
    said = words.split()
    kinds = tuple(word for word in said if word not in _MARKS)
    return Argument("required" in said, "templated" in said, kinds)
