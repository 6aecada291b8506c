"""Checks that a text reaches Airflow unchanged, and that Airflow can render it."""

import re
from functools import lru_cache

from dagc.compiler.diagnostics import Code, JsonPath, Problem

_SIMPLE_EXPRESSION = re.compile(
    r"\{\{ ?(?!(?:and|or|not|in|is|if|else)\b)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)* ?\}\}", re.ASCII
)
"""What nearly all templated texts use: `{{ ds }}`, `{{ params.region }}`. Read without Jinja."""


def check_text(text: str, path: JsonPath, problems: list[Problem]) -> None:
    """Adds a problem for what Airflow's metadata database cannot store.

    PostgreSQL holds neither U+0000 in a text nor a lone surrogate in UTF-8 ("Character Types").
    """
    if text.isascii() and "\0" not in text:
        return
    if "\0" in text:
        problems.append(
            Problem(
                Code.BAD_TEXT,
                f"a NUL character at position {text.index(chr(0))}",
                "Remove it: Airflow's database cannot store it.",
                path,
            )
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        problems.append(
            Problem(
                Code.BAD_TEXT,
                f"half a character (U+{ord(text[error.start]):04X}) at position {error.start}",
                "Write the whole character: a surrogate alone is no Unicode text.",
                path,
            )
        )


def check_jinja(text: str, path: JsonPath, problems: list[Problem]) -> None:
    """Adds a problem for a text that Airflow would fail to render, for its Jinja syntax."""
    if "{" in text and (error := _jinja_error(text)):
        line, message = error
        problems.append(
            Problem(
                Code.BAD_JINJA,
                f"Jinja cannot read line {line}: {message}",
                "Airflow renders this text. Wrap what is no Jinja in {% raw %}…{% endraw %}.",
                path,
            )
        )


@lru_cache(maxsize=4096)
def _jinja_error(text: str) -> tuple[int, str] | None:
    rest = _SIMPLE_EXPRESSION.sub("", text)
    if "{{" not in rest and "{%" not in rest and "{#" not in rest:
        return None
    from jinja2 import Environment, TemplateSyntaxError

    environment = Environment(extensions=["jinja2.ext.do"], cache_size=0)  # noqa: S701 as Airflow
    try:
        environment.parse(text)
    except TemplateSyntaxError as error:
        return error.lineno, str(error.message)
    except RecursionError:
        return 1, "nested too deeply"
    except ValueError as error:  # a number with more digits than Python reads
        return 1, str(error)
    return None
