"""Says what is wrong in a YAML file in the words of whoever wrote it: PyYAML's are its own."""

import re
from collections.abc import Sequence

from dagc.compiler.catalog.plain_yaml import YamlError

Explanation = tuple[int, str, str]
"""A line, counted from 1, what is wrong in it, and what to do."""

_IN_QUOTES = 'Put the whole text in quotes: "…".'
_JINJA = re.compile(r"(?:^|[:,\[{-])\s*\{[{%#]")
_NO_BLANK = re.compile(r"\s*(?:- )?([A-Za-z_][\w-]*):(?![\s/])\S")
_RESERVED = {
    "*": "a reference",
    "&": "an anchor",
    "!": "a tag",
    "@": "a sign that it keeps for later",
    "`": "a sign that it keeps for later",
    "%": "a directive",
}


def explained(error: YamlError, lines: Sequence[str]) -> Explanation:
    """Explains what `error`, met in a file of these `lines`, probably is."""
    line = lines[error.line] if error.line < len(lines) else ""
    return (
        _second_document(error)
        or _tab(error, line)
        or _unquoted(error, line)
        or _unclosed(error)
        or _colon(error, lines)
        or _indentation(error, line)
        or (error.line + 1, _as_pyyaml_says(error), "Repair the line, or the one before it.")
    )


def _second_document(error: YamlError) -> Explanation | None:
    if error.problem != "but found another document":
        return None
    message = "a second document begins here, behind a line of ---"
    return error.line + 1, message, "Keep one of the two, and remove the line."


def _tab(error: YamlError, line: str) -> Explanation | None:
    indent = line[: len(line) - len(line.lstrip())]
    if "'\\t'" in error.problem or "\t" in indent:
        return error.line + 1, "a tab where YAML allows blanks alone", "Indent with blanks."
    return None


def _unquoted(error: YamlError, line: str) -> Explanation | None:
    """Explains a text without quotes whose first character means something else in YAML."""
    if _JINJA.search(line) and "scalar" not in error.context:
        return error.line + 1, "a text that begins with Jinja, without quotes", _IN_QUOTES
    sign = line[error.column : error.column + 1]
    if "alias" in error.context or error.problem.startswith("found undefined alias"):
        sign = "*"
    elif "anchor" in error.context:
        sign = "&"
    elif "a tag" in error.context or error.problem.startswith("could not determine a constructor"):
        sign = "!"
    elif "cannot start any token" not in error.problem:
        return None
    meaning = _RESERVED.get(sign, "something else")
    message = f"a text that begins with {sign}, without quotes: YAML takes it for {meaning}"
    return error.line + 1, message, _IN_QUOTES


def _unclosed(error: YamlError) -> Explanation | None:
    if "quoted scalar" in error.context:
        message = "a quote that is opened here is not closed, or the text in it is not indented"
        return error.context_line + 1, message, "Close it, with the same kind of quote."
    if "flow" in error.context:
        kind = "[" if "sequence" in error.context else "{"
        message = (
            f"a {kind} that is opened here is not closed, or a comma is missing after an entry"
        )
        hint = "Close it, or put texts with commas, brackets or ': ' in them in quotes."
        return error.context_line + 1, message, hint
    return None


def _colon(error: YamlError, lines: Sequence[str]) -> Explanation | None:
    """Explains a colon without a blank behind it, or one with a blank in a text without quotes."""
    for number in (error.line, error.line - 1, error.context_line):
        found = _NO_BLANK.match(lines[number]) if 0 <= number < len(lines) else None
        if found:
            message = f"no blank behind the colon of {found[1]!r}"
            return number + 1, message, f"Write '{found[1]}: …'."
    line = lines[error.line] if error.line < len(lines) else ""
    if "mapping values are not allowed" in error.problem and line[: error.column].count(": "):
        return error.line + 1, "a text with ': ' in it, without quotes", _IN_QUOTES
    return None


def _indentation(error: YamlError, line: str) -> Explanation | None:
    if "found '<scalar>'" in error.problem and re.search(r"['\"]", line[: error.column]):
        return error.line + 1, "more text behind a closing quote", _IN_QUOTES
    if "mapping values are not allowed" in error.problem or "<block end>" in error.problem:
        message = "the line is indented otherwise than those that it belongs to"
        return error.line + 1, message, "Indent entries of one object or list alike."
    return None


def _as_pyyaml_says(error: YamlError) -> str:
    words = " ".join(filter(None, (error.context, error.problem)))
    return {"found unhashable key": "a key that is a list or an object"}.get(error.problem, words)
