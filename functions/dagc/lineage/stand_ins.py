"""Puts stand-ins for the Jinja in an SQL text, so that every other character keeps its place."""

import re
from itertools import pairwise
from typing import NamedTuple

STAND_IN = "ʝ"
"""What an expression becomes: a letter that no SQL has, as often as the expression is long."""

_OPENING = re.compile(r"\{[{%#]")
_TAGS = {
    "{{": re.compile(r"\{\{(?:'[^']*'|\"[^\"]*\"|[^'\"}]|\}(?!\}))*\}\}"),
    "{%": re.compile(r"\{%[-+]?\s*(\w+)((?:'[^']*'|\"[^\"]*\"|[^'\"%]|%(?!\}))*)%\}"),
    "{#": re.compile(r"\{#.*?#\}", re.DOTALL),
}
_BRACKETS_IN_QUOTES = re.compile(r"'[^']*[()\[\]][^']*'|\"[^\"]*[()\[\]][^\"]*\"")
_MIDDLES = ("elif", "else")
_ENDS = {"endif": "if", "endfor": "for"}


class StandIns(NamedTuple):
    """An SQL text without its Jinja. `texts` are readings of it: one, or two where it has
    conditions, with their first branches and with their last ones; a loop's body stands once.

    `has_blocks` says that there are tags such as `{% if %}`, so that no reading is what runs; and
    `balanced` that no expression prints a bracket of its own.
    """

    texts: tuple[str, ...]
    has_blocks: bool
    balanced: bool


class _Part(NamedTuple):
    """A piece of the text: `tag` is "" for SQL, or how it begins; `word` is that of a block."""

    tag: str
    text: str
    word: str = ""


def with_stand_ins(text: str) -> StandIns | None:
    """The `text` with stand-ins; None where its Jinja cannot be replaced in place: macros, blocks,
    texts that are set, an expression of several lines inside a word, or what is no Jinja.
    """
    parts = _parts(text)
    if parts is None or not _can_stay_in_place(parts):
        return None
    blocks = [part.word for part in parts if part.tag == "{%"]
    if not _are_nested(blocks):
        return None
    balanced = not any(part.tag == "{{" and _BRACKETS_IN_QUOTES.search(part.text) for part in parts)
    texts = [_reading(parts, is_last=is_last) for is_last in (False, True)]
    return StandIns(tuple(dict.fromkeys(texts)), bool(blocks), balanced)


def _parts(text: str) -> list[_Part] | None:
    parts: list[_Part] = []
    at = 0
    while opening := _OPENING.search(text, at):
        tag = opening[0]
        found = _TAGS[tag].match(text, opening.start())
        if found is None:
            return None
        word = found[1] if tag == "{%" else ""
        if word == "set" and "=" not in found[2]:
            return None
        parts += [_Part("", text[at : opening.start()]), _Part(tag, found[0], word)]
        at = found.end()
    return [*parts, _Part("", text[at:])]


def _can_stay_in_place(parts: list[_Part]) -> bool:
    """Whether no word goes on behind an expression of several lines."""
    return not any(
        part.tag == "{{" and "\n" in part.text and re.match(r"[\w.]|\{\{", after.text)
        for part, after in pairwise(parts)
    )


def _are_nested(words: list[str]) -> bool:
    """Whether the blocks are conditions, loops and assignments alone, and all of them end."""
    open_: list[str] = []
    for word in words:
        if word in ("if", "for"):
            open_.append(word)
        elif word in _MIDDLES:
            if not open_:
                return False
        elif word in _ENDS:
            if not open_ or open_.pop() != _ENDS[word]:
                return False
        elif word not in ("set", "do"):
            return False
    return not open_


def _reading(parts: list[_Part], *, is_last: bool) -> str:
    """The SQL with the first, or the last, branch of each condition, and blanks for the rest."""
    read: list[str] = []
    open_: list[tuple[str, bool]] = []  # the words of open blocks, and whether their text is shown
    for part in parts:
        if part.word == "if":
            open_.append(("if", not is_last))
        elif part.word == "for":
            open_.append(("for", True))
        elif part.word in _MIDDLES:
            word, _ = open_.pop()
            open_.append((word, word == "if" and is_last and part.word == "else"))
        elif part.word in _ENDS:
            open_.pop()
        is_shown = all(shown for _, shown in open_)
        if is_shown and not part.tag:
            read.append(part.text)
        else:
            read.append((_stand_in if is_shown and part.tag == "{{" else _blank)(part.text))
    return "".join(read)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _stand_in(text: str) -> str:
    first, newline, rest = text.partition("\n")
    return STAND_IN * len(first) + newline + _blank(rest)
