"""A Python string literal, as black would leave it.

Black's rules for quotes and escapes ("Strings" in black's code style) decide every choice here:
double quotes unless single ones need fewer backslashes, escapes in lower case. Characters that a
reader cannot see (`str.isprintable`), such as control characters and right-to-left marks, are
always escaped, so that a reviewer sees what Python reads.
"""

import ast
import re
import unicodedata

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def quoted(text: str) -> str:
    """The literal of `text` on one line."""
    if _is_plain(text):
        return f'"{text}"'
    body = _escaped(text)
    double = body.replace('"', '\\"')
    single = body.replace("'", "\\'")
    if single.count("\\") < double.count("\\"):
        return _read_back(f"'{single}'", text)
    return _read_back(f'"{double}"', text)


def is_multiline(text: str) -> bool:
    """Whether `text` reads better as a triple-quoted literal: it has two lines or more."""
    return "\n" in text[:-1]


def triple_quoted(text: str) -> str:
    """The literal of `text` with its line breaks kept, byte for byte."""
    if _is_plain(text.replace("\n", "").replace("\t", "")):
        return f'"""\\\n{text}"""'
    body = "\n".join(_escaped(line, keep="\t") for line in text.split("\n"))
    body = body.replace('"""', '""\\"')
    quotes_at_end = len(text) - len(text.rstrip('"'))
    if quotes_at_end % 3:
        body = body[:-1] + '\\"'
    return _read_back(f'"""\\\n{body}"""', text)


def wrapped(text: str, limit: int) -> list[str]:
    """The literals, each at most `limit` wide where spaces allow, that together make `text`."""
    pieces, line = [], ""
    for word in re.findall(r"\S*\s*", text)[:-1]:
        if line and width(quoted(line + word)) > limit:
            pieces.append(line)
            line = ""
        line += word
    return [quoted(piece) for piece in [*pieces, line]]


def width(source: str) -> int:
    """The columns that `source` takes, at most.

    Black counts a wide East Asian character as two columns, by a table of its own. Counting two
    for every character beyond ASCII is never less, and breaking a line early is never wrong.
    """
    if source.isascii():
        return len(source)
    return len(source) + sum(character > "\x7f" for character in source)


def least_width(source: str) -> int:
    """The columns that `source` takes, at least: black joins pieces that fit on one line."""
    if source.isascii():
        return len(source)
    return sum(unicodedata.category(character)[0] != "M" for character in source)


def _is_plain(text: str) -> bool:
    """Whether `text` between double quotes is its own literal."""
    return '"' not in text and "\\" not in text and text.isprintable()


def _read_back(literal: str, text: str) -> str:
    """`literal`, once Python has read it as `text`: no text of a row becomes code."""
    if ast.literal_eval(literal) != text:
        raise ValueError(f"{literal[:80]} is not the literal of {text[:80]!r}")
    return literal


def _escaped(text: str, keep: str = "") -> str:
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(_escaped_character(c) if c not in keep else c for c in text)


def _escaped_character(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
