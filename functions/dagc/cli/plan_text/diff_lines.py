"""The lines of a text diff, coloured where there is a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from dagc.changes.differences.text_difference import DiffLine
from dagc.cli.diagnostic_listing import visible

_STYLES = {"+": "on color(22)", "-": "on color(52)", "@": "cyan"}
_PLAIN_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_TAB = 4
_LONG = 300_000
"""Characters."""


def diff_texts(lines: Sequence[DiffLine], before: str, after: str) -> Iterator[Text]:
    """The `lines` in which two Python texts differ, in the colours of Python: on green and red, if
    one is not all of it.
    """
    old, new = _highlighted(before), _highlighted(after)
    is_tinted = bool(before and after)
    for line in lines:
        style = _STYLES.get(line.sign, "")
        if line.sign == "@":
            yield Text(str(line), style)
            continue
        side, number = (old, line.old) if line.sign == "-" else (new, line.new)
        code = side[number - 1] if number and number <= len(side) else Text(line.text)
        if code.plain != visible(line.text):
            code = Text(visible(line.text))
        code = Text(line.sign, "" if is_tinted else _PLAIN_STYLES.get(line.sign, "")) + code
        if style and is_tinted:
            code.stylize_before("white")
            code.stylize(style)
        yield code


def plain_texts(lines: Sequence[str]) -> Iterator[Text]:
    """Lines of a diff of any text, in green and red."""
    for line in lines:
        yield Text(visible(line.expandtabs(_TAB)), _PLAIN_STYLES.get(line[:1], ""))


def has_colours(console: Console) -> bool:
    """Whether colours are to be seen."""
    return console.color_system is not None and not console.no_color


def has_many_colours(console: Console) -> bool:
    """Whether a ground can be dark enough to read Python's colours on it: sixteen colours have none
    that is.
    """
    return has_colours(console) and console.color_system != "standard"


def _highlighted(code: str) -> list[Text]:
    """The lines of a Python text, coloured unless that would take seconds."""
    if len(code) > _LONG:
        return [Text(line) for line in code.split("\n")]
    from rich.syntax import Syntax  # its lexers take long to import

    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
    return list(syntax.highlight(code).split("\n", allow_blank=True))
