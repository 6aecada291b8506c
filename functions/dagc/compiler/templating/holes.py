"""Holes: what a template sees in the place of a value.

A template's control flow mostly depends on which parameters are given, not on what they are. So it
is rendered once with holes, and what it printed serves every task with the same parameters given.
Whatever asks a hole for its value raises ValueNeeded, and the template is rendered with the values
instead: slower, and the same result.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

Names = Mapping[str, Mapping[str, Any]]
"""Values by group and name; the group of what stands alone is ""."""


class ValueNeeded(Exception):  # noqa: N818  not an error: the template is rendered again
    """A template wants to look at a value."""


class Hole:
    """The value `name` in a `group` of the names that a template is rendered with."""

    __slots__ = ("_group", "_name")

    def __init__(self, name: str, group: str = "") -> None:
        self._name = name
        self._group = group

    def _read(self, names: Names) -> Any:
        """The value, among `names`."""
        return names[self._group][self._name]

    def _refuse(self, *_: object) -> NoReturn:
        raise ValueNeeded

    if not TYPE_CHECKING:
        __hash__ = None
        __getattr__ = __getitem__ = __iter__ = __len__ = __contains__ = __call__ = _refuse
        __bool__ = __str__ = __repr__ = __int__ = __float__ = __index__ = __html__ = _refuse
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


class FilteredHole(Hole):
    """What one of the project's filters makes of a hole."""

    __slots__ = ("_arguments", "_filter")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._filter = function
        self._arguments = arguments

    def _read(self, names: Names) -> Any:
        return self._filter(*(read(argument, names) for argument in self._arguments))


def read(value: Any, names: Names) -> Any:
    """What fills `value`, if it is a hole, or a list or dict of holes that a template made; else
    `value` itself.
    """
    if isinstance(value, Hole):
        return value._read(names)  # noqa: SLF001  private, so that a template cannot name it
    if isinstance(value, list):
        return [read(entry, names) for entry in value]
    if isinstance(value, dict):
        return {key: read(entry, names) for key, entry in value.items()}
    return value


def path(value: Any) -> tuple[str, str] | None:
    """Group and name of what fills `value`, where it is a hole and no filter was applied."""
    if value.__class__ is Hole:
        return value._group, value._name  # noqa: SLF001  as above
    return None


def deferred(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes a hole of a hole, and calls `function` with anything else."""

    @wraps(function)
    def apply(*arguments: Any) -> Any:
        if any(isinstance(argument, Hole) for argument in arguments):
            return FilteredHole(function, arguments)
        return function(*arguments)

    return apply


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter or test of Jinja's own, which would mistake a hole for a value."""

    @wraps(function)
    def apply(*arguments: Any, **keywords: Any) -> Any:
        if any(isinstance(argument, Hole) for argument in (*arguments, *keywords.values())):
            raise ValueNeeded
        return function(*arguments, **keywords)

    return apply
