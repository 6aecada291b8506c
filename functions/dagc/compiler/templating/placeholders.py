"""What a template sees in the place of a value: a `Placeholder`, or `ABSENT` where none is given.

A template may print a placeholder, put it into a list or an object, and pass it to one of the
project's filters. Anything else, such as a comparison, needs the value: it raises ValueNeeded.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, NoReturn

Names = Mapping[str, Mapping[str, Any]]
"""Values by group and name; the group of what stands alone is ""."""


class Absent:
    """The value of an optional parameter that nobody gave. Its line of the file is left out."""

    def __bool__(self) -> bool:
        return False


ABSENT = Absent()


class ValueNeeded(Exception):  # noqa: N818  not an error: the template is rendered with the values
    """A template does with a placeholder what only the value can do."""


class Placeholder:
    """Stands for the value called `name` in a `group` of the names that a template is given."""

    __slots__ = ("_group", "_name")

    def __init__(self, name: str, group: str = "") -> None:
        self._name = name
        self._group = group

    def _resolve(self, names: Names) -> Any:
        """Returns the value, among `names`."""
        return names[self._group][self._name]


class FilteredPlaceholder(Placeholder):
    """Stands for what a filter makes of its arguments, one of which is a placeholder."""

    __slots__ = ("_arguments", "_filter")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._filter = function
        self._arguments = arguments

    def _resolve(self, names: Names) -> Any:
        return self._filter(*(resolve(argument, names) for argument in self._arguments))


def _refuse(*_: object) -> NoReturn:
    raise ValueNeeded


_OPERATIONS = (
    "getattr call hash bool str repr format int float complex index round trunc floor ceil "
    "len length_hint iter next reversed contains getitem setitem delitem "
    "eq ne lt le gt ge neg pos abs invert "
    "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor "
    "radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand ror rxor"
)
"""Python's special methods, through which every operator and conversion asks for the value."""

for _operation in _OPERATIONS.split():
    setattr(Placeholder, f"__{_operation}__", _refuse)


def resolve(value: Any, names: Names) -> Any:
    """Returns `value` with each placeholder in it replaced by what it stands for among `names`."""
    if isinstance(value, Placeholder):
        return value._resolve(names)  # noqa: SLF001  private, so that no template names it
    if isinstance(value, list):
        return [resolve(entry, names) for entry in value]
    if isinstance(value, dict):
        return {key: resolve(entry, names) for key, entry in value.items()}
    return value


def resolved(values: Iterable[Any], names: Names) -> list[Any]:
    """Returns what `resolve` makes of each of `values`, most of which are plain placeholders."""
    return [
        names[it._group][it._name] if it.__class__ is Placeholder else resolve(it, names)  # noqa: SLF001
        for it in values
    ]


def deferred(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a filter that calls `function` at once, or once the placeholders among its arguments
    are resolved.
    """

    @wraps(function)
    def apply(*arguments: Any) -> Any:
        if any(map(_has_placeholder, arguments)):
            return FilteredPlaceholder(function, arguments)
        return function(*arguments)

    return apply


def refuse_placeholders(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Raises ValueNeeded if a function is called with a placeholder: it might check the type of an
    argument, and so take a placeholder for a value of the wrong type.
    """
    if any(map(_has_placeholder, (*arguments, *keywords.values()))):
        raise ValueNeeded


def _has_placeholder(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_placeholder, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_placeholder, value))
    return isinstance(value, Placeholder)
