"""What a type's declaration asks of merged parameters before it says something of them.

    when: {conn_id: absent, sql: list, launch_type: {is: FARGATE}}

It asks whether a parameter is `given`, `absent`, a `list`, `off` (absent or false), whether it `is`
a value, or `starts` or `ends` with a text (of a list: one of its texts does). All has to be so.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import did_you_mean
from dagc.compiler.schema.checks import SchemaError
from dagc.compiler.schema.json_values import as_compact_json
from dagc.compiler.schema.layers import INVALID

_CONDITIONS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "given": ("with {name!r}", lambda value, _: value is not None),
    "absent": ("without {name!r}", lambda value, _: value is None),
    "list": ("with a list in {name!r}", lambda value, _: isinstance(value, list)),
    "off": ("without {name!r}", lambda value, _: value is None or value is False),
    "is": ("with {shown} in {name!r}", lambda value, operand: value == operand),
    "starts": (
        "with '{operand}…' in {name!r}",
        lambda value, operand: any(text.startswith(operand) for text in _texts(value)),
    ),
    "ends": (
        "with '…{operand}' in {name!r}",
        lambda value, operand: any(text.endswith(operand) for text in _texts(value)),
    ),
}
"""The conditions: their words in a message, and whether they hold of a value; `is`, `starts` and
`ends` have an operand.
"""


class Condition(NamedTuple):
    """What must be so of the parameter `name`."""

    name: str
    state: str
    operand: Any
    is_so: Callable[[Any, Any], bool]

    @property
    def words(self) -> str:
        """The condition in words: "with a list in 'sql'"."""
        words, operand = _CONDITIONS[self.state][0], self.operand
        shown = as_compact_json(operand) if isinstance(operand, bool) else repr(operand)
        return words.format(name=self.name, operand=operand, shown=shown)


When = tuple[Condition, ...]
"""What must be so of several parameters; of none, always."""


def compile_when(declared: Mapping[str, Any], known: Collection[str], where: str) -> When:
    """Compiles a `when`; `known` are the type's parameters. Raises SchemaError."""
    for name in declared:
        if name not in known:
            raise SchemaError(f"{where}: names {name!r}, which is no property")
    return tuple(_condition(name, state, where) for name, state in declared.items())


def holds(when: When, params: Mapping[str, Any]) -> bool:
    """Says whether all of `when` is so of the merged `params`; of a wrong value, nothing is."""
    for name, _, operand, is_so in when:
        value = params.get(name)
        if value is INVALID or not is_so(value, operand):
            return False
    return True


def words_of(when: When) -> str:
    """Returns `when` in words: "without 'conn_id' and with a list in 'sql'"."""
    return " and ".join(condition.words for condition in when)


def _condition(name: str, declared: Any, where: str) -> Condition:
    """Reads what is asked of `name`: `given`, or `{is: FARGATE}`."""
    state, operand = declared, None
    if isinstance(declared, Mapping) and len(declared) == 1:
        [(state, operand)] = declared.items()
    takes_operand = state in ("is", "starts", "ends")
    if state not in _CONDITIONS:
        hint = did_you_mean(str(state), _CONDITIONS)
        raise SchemaError(f"{where}: {name} is {declared!r}: {hint}")
    if takes_operand is not isinstance(declared, Mapping):
        form = f"{{{state}: …}}" if takes_operand else f"{state!r} alone"
        raise SchemaError(f"{where}: {name} is {declared!r}: Write {form}.")
    return Condition(name, state, operand, _CONDITIONS[state][1])


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]
