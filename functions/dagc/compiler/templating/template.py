"""A template, and the skeletons that it has printed so far."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

from dagc.compiler.templating.environment import render_marks
from dagc.compiler.templating.holes import Hole
from dagc.compiler.templating.placeholders import ABSENT
from dagc.compiler.templating.skeleton import Skeleton, read_skeleton

_MAX_SKELETONS = 1024

Fixed = Mapping[str, Any]
"""Names that are the same wherever a skeleton serves, such as the target. Their values hash."""


class Template:
    """A Jinja template that is given names of three kinds: fixed ones, values, and one group of
    parameters (`params.x`), each declared, and given or absent.
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
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Skeleton:
        """What the template prints: with holes for `values` and `given`, where it does not look at
        them, so that the skeleton serves all that has the same parameters given.
        """
        key = (*fixed.values(), *given)
        if key not in self._skeletons:
            if len(self._skeletons) >= _MAX_SKELETONS:
                self._skeletons.clear()
            self._skeletons[key] = self._with_holes(fixed, values, given)
        return self._skeletons[key] or self._render(fixed, values, given)

    def _with_holes(
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Skeleton | None:
        """The skeleton with holes; None if the template needs the values themselves."""
        value_holes = {name: Hole(name) for name in values}
        given_holes = {name: Hole(name, self.group) for name in given}
        try:
            return self._render(fixed, value_holes, given_holes)
        except Exception:  # noqa: BLE001  what fails with holes is rendered again, with the values
            return None

    def _render(
        self, fixed: Fixed, values: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Skeleton:
        parameters = dict.fromkeys(self._declared, ABSENT) | dict(given)
        names = {**fixed, **values, self.group: SimpleNamespace(**parameters)}
        text, marks = render_marks(self._environment, self._name, names)
        return read_skeleton(text, marks, self._indent)
