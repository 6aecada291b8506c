"""From a while that was watched to an hour: the loop, and each parse that falls into it."""

from typing import NamedTuple

HOUR = 3600.0


class Span(NamedTuple):
    """What happened in a while: CPU seconds of a processor, and how many files it parsed."""

    seconds: float
    cpu: float
    parses: int


def loop(calm: Span) -> float:
    """CPU seconds an hour of a while without a parse."""
    if calm.parses:
        raise ValueError(f"{calm} is not calm")
    return calm.cpu / calm.seconds * HOUR


def a_parse(busy: Span, calm: Span) -> float:
    """CPU seconds that one parse takes beside the loop."""
    return (busy.cpu - loop(calm) * busy.seconds / HOUR) / busy.parses


def an_hour(calm: Span, parse: float, files: int, interval: float) -> float:
    """CPU seconds an hour with so many files, each parsed again after `interval` seconds."""
    return loop(calm) + files * HOUR / interval * parse


def expected(calm: Span, parse: float, busy: Span) -> float:
    """What the CPU seconds of `busy` should have been: to check the two figures above."""
    return loop(calm) * busy.seconds / HOUR + busy.parses * parse
