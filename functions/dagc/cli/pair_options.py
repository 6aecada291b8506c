"""An option of two words that may be repeated, which Typer does not know: `--set ROW FILE`."""

from collections.abc import Iterable, Iterator
from typing import Any

from typer.core import TyperCommand

PAIRED = "--set"
_BETWEEN = "\0"
"""Between the two words of one option; no argument of a program can hold it."""


class WithPairs(TyperCommand):
    """A command whose option `--set` takes two words. It is declared as a list of texts, each of
    which `pairs` takes apart.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Joins the two words, before Typer reads the arguments."""
        return super().parse_args(ctx, list(_joined(args)))


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """The two words of each use of the option; the second is "" where there was none."""
    return [(first, second) for first, _, second in (text.partition(_BETWEEN) for text in values)]


def _joined(args: list[str]) -> Iterator[str]:
    rest = iter(args)
    for word in rest:
        yield word
        if word == PAIRED:
            words = [next(rest, None), next(rest, None)]
            yield _BETWEEN.join(text for text in words if text is not None)
