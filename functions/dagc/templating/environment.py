"""The Jinja environment: by default, and not by discipline, every `{{ … }}` prints a mark."""

from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from dagc.templating.filters import FILTERS, is_present
from dagc.templating.holes import deferred, guarded
from dagc.templating.marks import Marks, mark


class MarkingContext(Context):
    """The names that one rendering sees, and the values that it printed."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.marks: Marks = []


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
    environment.filters |= {name: deferred(each) for name, each in FILTERS.items()}
    tests: dict[str, Any] = environment.tests
    tests |= {name: guarded(test) for name, test in tests.items()}
    tests["present"] = is_present
    return environment


def render_marks(
    environment: Environment, template: str, names: dict[str, Any]
) -> tuple[str, Marks]:
    """What `template` prints, with a mark for each value; and the marked values.

    Raises jinja2.TemplateError, and what the template's own expressions raise.
    """
    loaded = environment.get_template(template)
    context = loaded.new_context(names)
    assert isinstance(context, MarkingContext)
    text = "".join(loaded.root_render_func(context))
    for value in context.marks:
        if isinstance(value, StrictUndefined):
            str(value)  # raises UndefinedError, which says what is undefined
    return text, context.marks


@pass_context
def _mark(context: MarkingContext, value: Any) -> str:
    """The mark of `value`. (With the context as an argument, Jinja does not fold constants.)"""
    context.marks.append(value)
    return mark(len(context.marks) - 1)
