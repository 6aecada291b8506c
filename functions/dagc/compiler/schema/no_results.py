"""When a task returns nothing, as its type's `returns_nothing` declares it.

    returns_nothing: true

    returns_nothing:
      - when: {do_xcom_push: {is: false}}
        hint: Set its 'do_xcom_push' to true.

Each entry of the list is one reason: what is so of the task's merged parameters where its operator
returns nothing (`param_conditions.py`), and what to do about it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import did_you_mean
from dagc.compiler.schema.checks import SchemaError
from dagc.compiler.schema.param_conditions import When, compile_when, holds, words_of

_KEYS = {"when", "hint"}
_HINT = "Take the result of a task that returns something."


class NoResult(NamedTuple):
    """A reason for which a task returns nothing, and what to do about it."""

    when: When
    hint: str

    @property
    def words(self) -> str:
        """The reason in words, "without 'awslogs_group'"; "" if it is the type itself."""
        return words_of(self.when)


ALWAYS = (NoResult((), _HINT),)
"""The reason of a type whose tasks never return anything."""


def compile_no_results(declared: Any, known: Collection[str]) -> tuple[NoResult, ...]:
    """Compiles `returns_nothing` of a type; `known` are its parameters. Raises SchemaError."""
    if declared is True:
        return ALWAYS
    return tuple(
        _compiled(entry, known, f"returns_nothing[{index}]")
        for index, entry in enumerate(declared or ())
    )


def no_result(reasons: Sequence[NoResult], params: Mapping[str, Any]) -> NoResult | None:
    """Returns the first of `reasons` for which a task with these merged `params` returns nothing;
    None where it returns something.
    """
    return next((reason for reason in reasons if holds(reason.when, params)), None)


def _compiled(entry: Mapping[str, Any], known: Collection[str], where: str) -> NoResult:
    if unknown := set(entry) - _KEYS:
        raise SchemaError(f"{where}: {min(unknown)!r}: {did_you_mean(min(unknown), _KEYS)}")
    when = compile_when(entry.get("when") or {}, known, where)
    return NoResult(when, str(entry.get("hint") or _HINT))
