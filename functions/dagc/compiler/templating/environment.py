"""The Jinja environment: by default, and not by discipline, every `{{ … }}` prints a mark."""

from traceback import walk_tb
from types import FrameType
from typing import Any, cast

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateRuntimeError,
    UndefinedError,
    pass_context,
)
from jinja2.runtime import Context

from dagc.compiler.templating.filters import FILTERS, is_present
from dagc.compiler.templating.holes import deferred, guarded
from dagc.compiler.templating.placeholders import Marks, mark

_MARKS = "\0marks"
"""Among a rendering's names, so that an included template counts on. No template can name it."""


class MarkingContext(Context):
    """The names that one rendering sees, and the values that it printed."""

    @property
    def marks(self) -> Marks:
        """The values that were printed so far."""
        if _MARKS not in self.parent:
            raise TemplateRuntimeError("what is imported, and prints, is imported 'with context'")
        return cast(Marks, self.parent[_MARKS])


class MarkingEnvironment(Environment):
    """An environment whose templates print marks."""

    context_class = MarkingContext


def template_environment(loader: BaseLoader) -> Environment:
    """The environment that templates are compiled and rendered in."""
    environment = MarkingEnvironment(
        loader=loader,
        autoescape=False,
        undefined=StrictUndefined,
        finalize=_mark,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters = {n: guarded(f) for n, f in environment.filters.items()}
    environment.filters |= {name: deferred(function) for name, function in FILTERS.items()}
    tests: dict[str, Any] = environment.tests
    tests |= {name: guarded(test) for name, test in tests.items()}
    tests["present"] = is_present
    return environment


def render_marks(
    environment: Environment, template: str, names: dict[str, Any]
) -> tuple[str, Marks]:
    """What `template` prints, with a mark for each value; and the marked values.

    Raises jinja2.TemplateError, and what the template's own expressions raise, in both cases with
    the line of the template as a note.
    """
    loaded = environment.get_template(template)
    context = loaded.new_context({**names, _MARKS: []})
    assert isinstance(context, MarkingContext)
    try:
        text = "".join(loaded.root_render_func(context))
    except Exception as error:
        lines = [line for frame, line in walk_tb(error.__traceback__) if _is_of(frame, loaded)]
        error.add_note(f"{template}:{loaded.get_corresponding_lineno(lines[-1])}")
        raise
    return text, context.marks


def _is_of(frame: FrameType, template: Template) -> bool:
    """Whether `frame` runs the code that Jinja made of `template`."""
    return frame.f_globals.get("__jinja_template__") is template


@pass_context
def _mark(context: MarkingContext, value: Any) -> str:
    """The mark of `value`. (With the context as an argument, Jinja does not fold constants.)"""
    if isinstance(value, str) and "\0" in value:
        raise TemplateRuntimeError("prints again what a macro or a block printed: include it")
    if isinstance(value, StrictUndefined):
        name = value._undefined_name  # noqa: SLF001  the one way to learn it
        raise UndefinedError(f"{name!r} is not defined: declare it in the type's params")
    context.marks.append(value)
    return mark(len(context.marks) - 1)
