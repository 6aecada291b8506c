"""The Jinja environment of the templates: every `{{ … }}` prints a slot in the place of a value.

That is how the environment prints, not a filter that an author could forget.
"""

from collections.abc import Callable
from functools import wraps
from traceback import walk_tb
from types import FrameType
from typing import Any, cast

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    Template,
    TemplateRuntimeError,
    UndefinedError,
    pass_context,
)
from jinja2.runtime import Context

from dagc.compiler.templating.filters import FILTERS, is_present
from dagc.compiler.templating.placeholders import deferred, refuse_placeholders
from dagc.compiler.templating.skeleton import Slots, slot

_SLOTS = "\0slots"
"""The key of the slots among the names of a rendering, where an included template finds them too.
No template can name it.
"""


class SlotContext(Context):
    """The names that one rendering sees, and the slots that it has printed."""

    @property
    def slots(self) -> Slots:
        """The slots printed so far."""
        if _SLOTS not in self.parent:
            raise TemplateRuntimeError("what is imported, and prints, is imported 'with context'")
        return cast(Slots, self.parent[_SLOTS])

    def call(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Any:
        """Calls what a template calls, such as a macro or `"-".join`."""
        refuse_placeholders(arguments, keywords)
        return super().call(function, *arguments, **keywords)


class SlotEnvironment(Environment):
    """An environment whose templates print slots."""

    context_class = SlotContext


def template_environment(loader: BaseLoader, bytecode: BytecodeCache | None = None) -> Environment:
    """Makes the environment that templates are compiled and rendered in."""
    environment = SlotEnvironment(
        loader=loader,
        autoescape=False,
        undefined=StrictUndefined,
        finalize=_print_slot,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=bytecode,
    )
    filters: dict[str, Any] = environment.filters
    environment.filters = {name: _of_values(function) for name, function in filters.items()}
    environment.filters |= {name: deferred(function) for name, function in FILTERS.items()}
    tests: dict[str, Any] = environment.tests
    environment.tests = {name: _of_values(test) for name, test in tests.items()}
    environment.tests["present"] = is_present
    return environment


def print_with_slots(
    environment: Environment, template: str, names: dict[str, Any]
) -> tuple[str, Slots]:
    """Renders `template`; returns what it prints, with a slot for each value, and the slots.

    Raises jinja2.TemplateError, ValueNeeded, and what the template's own expressions raise, in each
    case with the line of the template as a note.
    """
    loaded = environment.get_template(template)
    context = loaded.new_context({**names, _SLOTS: []})
    assert isinstance(context, SlotContext)
    try:
        text = "".join(loaded.root_render_func(context))
    except Exception as error:
        lines = [line for frame, line in walk_tb(error.__traceback__) if _is_of(frame, loaded)]
        error.add_note(f"{template}:{loaded.get_corresponding_lineno(lines[-1])}")
        raise
    return text, context.slots


def _is_of(frame: FrameType, template: Template) -> bool:
    """Says whether `frame` runs the code that Jinja made of `template`."""
    return frame.f_globals.get("__jinja_template__") is template


@pass_context
def _print_slot(context: SlotContext, value: Any) -> str:
    """Prints the slot of `value`. (Given the context as well, Jinja does not fold constants.)"""
    if isinstance(value, str) and "\0" in value:
        raise TemplateRuntimeError("prints again what a macro or a block printed: include it")
    if isinstance(value, StrictUndefined):
        name = value._undefined_name  # noqa: SLF001  the one way to learn it
        raise UndefinedError(f"{name!r} is not defined: declare it in the type's params")
    context.slots.append(value)
    return slot(len(context.slots) - 1)


def _of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """Guards a filter or test of Jinja's own, which takes values, not placeholders."""

    @wraps(function)
    def apply(*arguments: Any, **keywords: Any) -> Any:
        refuse_placeholders(arguments, keywords)
        return function(*arguments, **keywords)

    return apply
