"""The Jinja environment: by default, and not by discipline, every `{{ … }}` prints a mark."""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from dagc.rendering.marks import ABSENT, Marks, mark
from dagc.syntax.names import is_identifier
from dagc.syntax.nodes import Call, Code, ImportFrom


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
    environment.filters.update(_FILTERS)
    environment.tests["present"] = lambda value: value is not ABSENT
    environment.tests["ending"] = _ending
    return environment


def render(environment: Environment, template: str, names: dict[str, Any]) -> tuple[str, Marks]:
    """The skeleton that `template` prints, with a mark for each value; and the marked values."""
    loaded = environment.get_template(template)
    context = loaded.new_context({**environment.globals, **names}, shared=True)
    assert isinstance(context, MarkingContext)
    skeleton = "".join(loaded.root_render_func(context))
    for value in context.marks:
        if value.__class__ is StrictUndefined:
            str(value)  # raises UndefinedError, which says what is undefined
    return skeleton, context.marks


def parameters(declared: Mapping[str, object], given: Mapping[str, Any]) -> SimpleNamespace:
    """What a template sees as `params`: every declared parameter, given or absent."""
    return SimpleNamespace(**dict.fromkeys(declared, ABSENT) | dict(given))


@pass_context
def _mark(context: MarkingContext, value: Any) -> str:
    """The mark of `value`. (With the context as an argument, Jinja does not fold constants.)"""
    marks = context.marks
    marks.append(value)
    return mark(len(marks) - 1)


def _signature(keywords: Any) -> Call:
    """`(region, days)`, for a function that takes the keys of `keywords`."""
    return Call("", positional=tuple(_identifier(key) for key in keywords or ()))


def _keywords(keywords: Any) -> Call:
    """`(region=region, days=days)`, to pass on what `signature` takes."""
    return Call("", keywords={_identifier(key).text: Code(key) for key in keywords or ()})


def _import_function(name: str, keywords: Any) -> ImportFrom:
    """The import of the function of "package.module:function", inside a function that takes
    `keywords`.
    """
    module, _, function = name.partition(":")
    for part in [*module.split("."), function]:
        _identifier(part)
    alias = _function(name, keywords).text
    return ImportFrom(module, function if alias == function else f"{function} as {alias}")


def _function(name: str, keywords: Any) -> Code:
    """What the function of "package.module:function" is called among `keywords`."""
    function = _identifier(name.partition(":")[2])
    return Code(f"_{function.text}") if function.text in (keywords or ()) else function


def _identifier(text: str) -> Code:
    if not is_identifier(text):
        raise ValueError(f"{text!r} is no Python identifier")
    return Code(text)


def _json_text(value: Any) -> Any:
    """The JSON text of an object or list, for an operator that takes only text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _ending(value: Any, *suffixes: str) -> bool:
    """Whether a text anywhere in `value` ends in one of `suffixes`: Airflow would take it for the
    name of a template file, if the operator's `template_ext` has that suffix.
    """
    if isinstance(value, str):
        return value.endswith(suffixes)
    if isinstance(value, SimpleNamespace):
        value = value.__dict__
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return any(entry is not ABSENT and _ending(entry, *suffixes) for entry in value)


_FILTERS: dict[str, Callable[..., Any]] = {
    "signature": _signature,
    "keywords": _keywords,
    "import_function": _import_function,
    "function": _function,
    "json_text": _json_text,
}
