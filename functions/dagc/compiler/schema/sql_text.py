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
_PLACEHOLDER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)", re.ASCII)
"""`:day`; and neither a cast (`::date`) nor part of a time or a slice (`12:30`)."""


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[str, ...]:
    """Returns the statements of an SQL text, without comments, with `''` for what is in quotes, and
    with `x` for what Jinja prints.

    Nothing where that is uncertain: a quote that is never closed, a backslash before a quote.
    """
    if "\\'" in text or ("raw" in text and "{%" in text):
        return ()
    printed = _JINJA.sub(lambda jinja: "x" if jinja[0].startswith("{{") else " ", text)
    parts = list(_NO_CODE.finditer(printed))
    if parts and parts[-1].lastgroup and not parts[-1][parts[-1].lastgroup]:
        return ()
    code = _NO_CODE.sub(lambda part: " " if part[0].startswith(("--", "/*")) else " '' ", printed)
    return tuple(" ".join(part.split()) for part in code.split(";") if part.strip())


def placeholders(text: str) -> frozenset[str]:
    """Returns the names of an SQL text's placeholders, such as `day` of `:day`."""
    return frozenset(name for part in statements(text) for name in _PLACEHOLDER.findall(part))


def has_jinja(text: str) -> bool:
    """Says whether there is Jinja in `text`, so that some of its SQL is not seen here."""
    return _JINJA.search(text) is not None
