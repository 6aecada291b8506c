"""Reads a text that Airflow renders: whether it is Jinja, and what it uses of its surroundings."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Kind(Enum):
    """What is used."""

    NAME = "name"
    FILTER = "filter"
    TEST = "test"
    TASK = "task"


class Use(NamedTuple):
    """A use of what a text does not define itself. `path` is a name, and the members that are read
    of it: `params.region` is `("params", "region")`; of a filter or a test, its name alone; of a
    task of the same DAG whose result is pulled, its id.

    `certain` says that every rendering comes here; of a filter or a test, that Jinja looks for it
    when it compiles the text. `consumed` says that something is done with the value that Airflow
    does to no undefined one, such as printing it. `line` counts from 1. `elsewhere` says that the
    text defines such a name, but in a scope that does not reach here.
    """

    kind: Kind
    path: tuple[str, ...]
    line: int
    certain: bool = True
    consumed: bool = True
    elsewhere: bool = False


class Reading(NamedTuple):
    """What a text is for Jinja: the line and the message of its error, or what it uses."""

    error: tuple[int, str] | None = None
    uses: tuple[Use, ...] = ()


_NOTHING = Reading()
_LITERALS = "and|or|not|in|is|if|else|true|false|none|True|False|None|self"
_SIMPLE_EXPRESSION = re.compile(
    rf"(?<!\{{)\{{\{{ ?((?!(?:{_LITERALS})\b)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*) ?\}}\}}", re.ASCII
)
"""What nearly all templated texts use: `{{ ds }}`, `{{ params.region }}`. Read without Jinja, for
which `{{{ ds }}}` is an object that begins with `{ ds`.
"""


def read_template(text: str) -> Reading:
    """Reads `text` as Airflow's Jinja does."""
    return _read(text) if "{" in text else _NOTHING


@lru_cache(maxsize=4096)
def _read(text: str) -> Reading:
    parts = _SIMPLE_EXPRESSION.split(text)
    rest = "".join(parts[::2])
    if "{{" not in rest and "{%" not in rest and "{#" not in rest:
        return Reading(uses=_simple_uses(parts))
    from jinja2 import Environment, TemplateSyntaxError

    from dagc.compiler.schema.jinja_uses import uses

    environment = Environment(extensions=["jinja2.ext.do"], cache_size=0)  # noqa: S701 as Airflow
    try:
        return Reading(uses=uses(environment.parse(text)))
    except TemplateSyntaxError as error:
        return Reading((error.lineno, str(error.message)))
    except RecursionError:
        return Reading((1, "nested too deeply"))
    except ValueError as error:  # a number with more digits than Python reads
        return Reading((1, str(error)))


def _simple_uses(parts: Sequence[str]) -> tuple[Use, ...]:
    """The uses in a text, of which every other part is what an expression says."""
    line = 1
    first: dict[str, int] = {}
    for before, path in zip(parts[::2], parts[1::2], strict=False):
        line += before.count("\n")
        first.setdefault(path, line)
    return tuple([Use(Kind.NAME, tuple(path.split(".")), line) for path, line in first.items()])
