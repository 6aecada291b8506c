"""A template, and the skeletons that it has printed so far."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

from dagc.compiler.templating.environment import print_with_slots
from dagc.compiler.templating.placeholders import ABSENT, Placeholder, ValueNeeded
from dagc.compiler.templating.skeleton import Skeleton, read_skeleton

_MAX_SKELETONS = 1024

Fixed = Mapping[str, Any]
"""Names that a template may look at, such as the target. Their values hash."""


class Template:
    """A Jinja template. It is given names of three kinds: fixed ones, which it may look at; values;
    and one `group` of parameters (`params.x`), each `declared`, and given or absent.

    What it prints is moved `indent` columns to the right, and further where a skeleton is asked for
    so.
    """

    def __init__(
        self, environment: Environment, name: str, group: str, declared: Sequence[str], indent: int
    ) -> None:
        self._environment = environment
        self._name = name
        self.group = group
        self._declared = tuple(declared)
        self._indent = indent
        self._skeletons: dict[object, Skeleton | None] = {}

    def skeleton(
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any], further: int = 0
    ) -> Skeleton:
        """Returns what the template prints, `further` columns to the right. The skeleton holds
        placeholders for `values` and `given`, and serves all that has the same parameters given; or
        the values, if the template needs them.

        Raises jinja2.TemplateError, AbsentValueError, and what the template's expressions raise.
        """
        key = (further, *fixed.values(), *given)
        if key not in self._skeletons:
            if len(self._skeletons) >= _MAX_SKELETONS:
                self._skeletons.clear()
            self._skeletons[key] = self._render_placeholders(fixed, values, given, further)
        return self._skeletons[key] or self._render(fixed, values, given, further)

    def _render_placeholders(
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any], further: int
    ) -> Skeleton | None:
        """Renders with a placeholder for each value; returns None if the template needs one."""
        try:
            return self._render(
                fixed,
                {name: Placeholder(name) for name in values},
                {name: Placeholder(name, self.group) for name in given},
                further,
            )
        except ValueNeeded:
            return None

    def _render(
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any], further: int
    ) -> Skeleton:
        parameters = dict.fromkeys(self._declared, ABSENT) | dict(given)
        names = {**fixed, **values, self.group: SimpleNamespace(**parameters)}
        text, slots = print_with_slots(self._environment, self._name, names)
        return read_skeleton(text, slots, self._indent + further)
