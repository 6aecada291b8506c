"""Says what to do about a text that is no JSON: by what stands where Python's parser stopped, and
else by what it says.
"""

import json

_BY_MESSAGE = {
    "Expecting property name": "Write each key in double quotes, and no comma before a }.",
    "Expecting ':'": "Write a colon behind the key.",
    "Expecting ','": 'Write a comma between entries, } or ] at the end, \\" for a quote in a text.',
    "Illegal trailing comma": "Write no comma before a } or ].",
    "Unterminated string": 'End the text with a double quote, and write \\" for one in it.',
    "Invalid control character": "In a text, write \\n for a line break and \\t for a tab.",
    "Invalid \\escape": "In a text, write \\\\ for a backslash.",
    "Extra data": "Remove what is behind the end: a bracket too many, or a second value.",
}
"""What to do, by how the message of Python's parser begins."""
_QUOTES = "“”„‟‘’「」『』＂＇"
_ASCII = dict.fromkeys(_QUOTES, '"') | dict(zip("：，、｛｝［］【】", ":,,{}[][]", strict=True))
"""What programs for writing put in the place of JSON's characters, above all with Chinese input."""


def json_hint(error: json.JSONDecodeError) -> str:
    """Returns what to do about `error`, which Python's parser found."""
    stopped = error.doc[error.pos : error.pos + 1]
    if stopped in _ASCII:
        return f"Write {_ASCII[stopped]} for {stopped}."
    if stopped == "#" or error.doc.startswith(("//", "/*"), error.pos):
        return "Remove the comment: JSON has none."
    if (hint := _around_brackets(error, stopped)) is not None:
        return hint
    if error.msg.startswith("Unterminated") and (wrong := _last_quote(error.doc[error.pos :])):
        return f'End the text with ": {wrong} does not end one.'
    for beginning, hint in _BY_MESSAGE.items():
        if error.msg.startswith(beginning):
            return hint
    if stopped == "'":
        return "Write texts in double quotes."
    return "Write JSON: {…}, […], a text in double quotes, a number, true, false or null."


def _around_brackets(error: json.JSONDecodeError, stopped: str) -> str | None:
    """Returns the hint for a comma before a bracket that closes, and for a value behind a value."""
    before = error.doc[: error.pos].rstrip()
    if stopped and stopped in "}]" and before.endswith(","):
        return "Write no comma before a } or ]."
    if not before.endswith(("}", "]")):
        return None
    if error.msg.startswith("Extra data") and stopped in ("{", "[", ","):
        return "Write one value: an object with all the keys, or a list of them in [ ]."
    return None


def _last_quote(text: str) -> str:
    """Returns the last of other programs' quotes in `text`, which has no other end; or ""."""
    return next((character for character in reversed(text) if character in _QUOTES), "")
