"""Checks that a text reaches Airflow unchanged, and that Airflow can render it."""

from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.schema.template_text import read_template


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
    if "{" in text and (error := read_template(text).error):
        line, message = error
        hint = "Airflow renders this text. Wrap what is no Jinja in {% raw %}…{% endraw %}."
        if "{{{" in text:
            hint = "Write {{ with two braces; after a brace of the text's own, a blank: { {{ … }}."
        problems.append(
            Problem(
                Code.BAD_JINJA,
                f"Jinja cannot read line {line}: {message}",
                hint,
                path,
            )
        )
