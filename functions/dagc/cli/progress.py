"""How far a command is: a bar on a terminal that goes when it is done, and nothing elsewhere.

Rich's bars take long to import, and so are where a terminal is alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dagc.cli.refusal import stderr


class Bar:
    """Takes what it is told, and shows nothing."""

    def advance(self) -> None:
        """One more is done."""

    def reached(self, done: int, total: int) -> None:
        """So many are done, of `total`."""


@contextmanager
def progress(doing: str, total: int | None = None) -> Iterator[Bar]:
    """A bar that says `doing`. `total` are all that there are, None where that is told later."""
    if not stderr.is_terminal:
        yield Bar()
        return
    from rich.progress import Progress

    with Progress(console=stderr, transient=True) as shown:
        task = shown.add_task(doing, total=total)

        class OnTerminal(Bar):
            def advance(self) -> None:
                shown.advance(task)

            def reached(self, done: int, total: int) -> None:
                shown.update(task, completed=done, total=total)

        yield OnTerminal()
