"""A Python string literal, as black would leave it.

Black's rules for quotes and escapes ("Strings" in black's code style) decide every choice here:
double quotes unless single ones need fewer backslashes, escapes in lower case. Characters that a
reader cannot see (`str.isprintable`), such as control characters and right-to-left marks, are
always escaped, so that a reviewer sees what Python reads.
"""

import re
import unicodedata

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_UNENDED = {
    "'": re.compile(r"[^'\\\n]*(?:\\.[^'\\\n]*)*"),
    '"': re.compile(r'[^"\\\n]*(?:\\.[^"\\\n]*)*'),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"{1,2}(?=[^"]))[^"\\]*)*', re.DOTALL),
}
"""By delimiter, the bodies of a literal that nothing in them ends."""


def quoted(text: str) -> str:
    """The literal of `text` on one line."""
    if '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    body = _escaped(text)
    double = body.replace('"', '\\"')
    single = body.replace("'", "\\'")
    if single.count("\\") < double.count("\\"):
        return _read_back("'", single, text)
    return _read_back('"', double, text)


def is_multiline(text: str) -> bool:
    """Whether `text` reads better as a triple-quoted literal: it has two lines or more."""
    return text.find("\n", 0, -1) >= 0


def triple_quoted(text: str) -> str:
    """The literal of `text` with its line breaks kept, byte for byte."""
    visible = text.replace("\n", "").replace("\t", "")
    if '"' not in text and "\\" not in text and visible.isprintable():
        return f'"""\\\n{text}"""'
    body = "\n".join(_escaped(line, keep="\t") for line in text.split("\n"))
    body = body.replace('"""', '""\\"')
    quotes_at_end = len(text) - len(text.rstrip('"'))
    if quotes_at_end % 3:
        body = body[:-1] + '\\"'
    return _read_back('"""', f"\\\n{body}", text)


def width(source: str) -> int:
    """The columns that `source` takes, at most.

    Black counts a wide East Asian character as two columns, by a table of its own. Counting two
    for every character beyond ASCII is never less, and breaking a line early is never wrong.
    """
    if source.isascii():
        return len(source)
    return len(source) + sum(character > "\x7f" for character in source)


def least_width(source: str) -> int:
    """The columns that `source` takes, at least: a combining mark takes none."""
    if source.isascii():
        return len(source)
    return sum(unicodedata.category(character)[0] != "M" for character in source)


def _read_back(delimiter: str, body: str, text: str) -> str:
    """The literal of `body`, once it is sure to be that of `text`: no text becomes code.

    Nothing in the body may end the literal, and Python's own codec for the escapes of literals must
    make `text` of it. (`ast.literal_eval` says the same, ten times slower.)
    """
    read = body.encode("latin-1", "backslashreplace").decode("unicode_escape")
    if read != text or not _UNENDED[delimiter].fullmatch(body):
        raise ValueError(f"{body[:80]!r} is not the literal of {text[:80]!r}")
    return f"{delimiter}{body}{delimiter}"


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
