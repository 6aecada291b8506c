"""Reads the outlines of SQL texts: their statements and their placeholders, and no grammar."""

import re
from functools import lru_cache

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_NO_CODE = re.compile(
    r"--[^\n]*"
    r"|/\*.*?(?P<comment>\*/|\Z)"
    r"|'[^']*(?:''[^']*)*(?P<text>'|\Z)"
    r'|"[^"]*(?P<name>"|\Z)'
    r"|\$(?P<tag>\w*)\$.*?(?P<body>\$(?P=tag)\$|\Z)",
    re.DOTALL,
)
"""Comments, texts, names in quotes, and the bodies of functions; or the rest, where one is not
closed: so that each character is read once.
"""
_NO_COMMENT = re.compile(r"/\*|(?<=^/\*)!")
"""What is in a comment that may be none, or end elsewhere."""
_PLACEHOLDER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)", re.ASCII)
"""`:day`; and neither a cast (`::date`) nor part of a time or a slice (`12:30`)."""


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[str, ...] | None:
    """Returns the statements of an SQL text, without comments, with `''` for what is in quotes, and
    with `x` for what Jinja prints: of all branches of its conditions.

    None where that is uncertain: a quote that is never closed, a backslash before a quote, a
    comment in a comment (some databases know such), a comment that MySQL runs.
    """
    if "{" not in text:
        return _split(text)
    if "{%" not in text:
        return _split(_JINJA.sub(lambda jinja: "x" if jinja[0].startswith("{{") else " ", text))
    from dagc.compiler.schema.sql_jinja import everything  # Jinja takes long to import

    return _split(everything(text))


@lru_cache(maxsize=1024)
def most_statements(text: str) -> int:
    """Returns how many statements a rendering of `text` may have at most, as far as that is
    certain; of what a loop makes, two.
    """
    if "{%" not in text or ";" not in text:
        return len(statements(text) or ())
    from dagc.compiler.schema.sql_jinja import fullest

    return len(_split(fullest(text, _weight)) or ())


def _split(text: str | None) -> tuple[str, ...] | None:
    if text is None or "\\'" in text:
        return None
    parts = list(_NO_CODE.finditer(text))
    if parts and parts[-1].lastgroup and not parts[-1][parts[-1].lastgroup]:
        return None
    if any(part[0].startswith("/*") and _NO_COMMENT.search(part[0], 2) for part in parts):
        return None
    code = _code(text) if parts else text
    return tuple(" ".join(part.split()) for part in code.split(";") if part.strip())


def _code(text: str) -> str:
    return _NO_CODE.sub(lambda part: " " if part[0].startswith(("--", "/*")) else " '' ", text)


def _weight(text: str) -> int:
    """Says how much of several statements `text` is: two for what ends one, one for a beginning."""
    code = _code(text)
    return 2 * code.count(";") + bool(code.rpartition(";")[2].strip())


def placeholders(text: str) -> frozenset[str]:
    """Returns the names of an SQL text's placeholders, such as `day` of `:day`."""
    found = (statements(text) or ()) if ":" in text else ()
    return frozenset(name for part in found for name in _PLACEHOLDER.findall(part))


def has_jinja(text: str) -> bool:
    """Says whether there is Jinja in `text`, so that some of its SQL is not seen here."""
    return _JINJA.search(text) is not None
