"""Lines of a report in the terminal, indented, whatever its width."""

from rich.console import Console
from rich.text import Text

from dagc.cli.diagnostic_listing import visible

WIDTH = 100
"""Columns where there is no terminal."""
_MIN = 20
_TAB = 4


def report_console(*, stderr: bool = False) -> Console:
    """The standard output, or standard error: as wide as the terminal; where there is none, without
    colours.
    """
    console = Console(highlight=False, stderr=stderr)
    return console if console.is_terminal else Console(highlight=False, stderr=stderr, width=WIDTH)


def print_indented(
    console: Console, text: Text | str, indent: int, style: str = "", *, hanging: int = 2
) -> None:
    """Prints a sentence, in as many lines as it needs, those after the first indented further."""
    shown = Text(visible(text), style) if isinstance(text, str) else text
    width = console.width - indent
    if shown.cell_len > width:
        width = max(_MIN, width - hanging)
    for number, line in enumerate(shown.wrap(console, width, overflow="fold")):
        line.rstrip()
        print_line(console, line, indent + hanging * bool(number))


def print_line(console: Console, text: Text | str, indent: int, style: str = "") -> None:
    """Prints one line as it is, however long."""
    shown = Text(visible(text.expandtabs(_TAB)), style) if isinstance(text, str) else text
    console.print(Text(" " * indent) + shown, soft_wrap=True)
