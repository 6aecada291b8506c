"""The figures of one version as CPU seconds an hour, beside the loop of the same processor."""

from collections.abc import Iterator

from rich.table import Table

from bench.processor.extrapolation import Span, a_parse, an_hour, expected, loop
from bench.processor.processor_settings import INTERVALS, OWN

Figures = dict[str, Span | dict[str, float]]


def table(airflow: str, figures: Figures, files: list[int]) -> Table:
    """What an hour costs in which nothing is edited, and how well that foretells the check."""
    shown = Table(title=f"Airflow {airflow}: CPU seconds of the DAG processor in an hour")
    for column in ("files", "what", "s", "× its loop"):
        shown.add_column(column, justify="left" if column == "what" else "right")
    for number in files:
        for what, seconds in _rows(figures, number, files[0]):
            ratio = seconds / loop(_span(figures, f"loop {number}"))
            shown.add_row(str(number), what, f"{seconds:.0f}", f"{ratio:.2f}")
    parse = _parse(figures, files[0])
    busy, calm = _span(figures, "check"), _span(figures, "loop 0")
    foretold = expected(calm, parse, busy)
    shown.caption = (
        f"a parse {parse * 1000:.0f} ms; check: {busy.cpu:.1f} s, foretold {foretold:.1f} s"
    )
    return shown


def _rows(figures: Figures, files: int, watched: int) -> Iterator[tuple[str, float]]:
    calm, parse = _span(figures, f"loop {files}"), _parse(figures, watched)
    yield "a processor without files", loop(_span(figures, "loop 0"))
    yield "its loop", loop(calm)
    for seconds in (*INTERVALS, OWN["min_file_process_interval"]):
        yield f"each file again after {seconds} s", an_hour(calm, parse, files, seconds)
    scanned = figures.get(f"scanning {files}")
    if isinstance(scanned, Span):
        yield "the way before: one file, which scans", scanned.cpu / scanned.seconds * 3600


def _parse(figures: Figures, watched: int) -> float:
    return a_parse(_span(figures, "again"), _span(figures, f"loop {watched}"))


def _span(figures: Figures, name: str) -> Span:
    found = figures[name]
    assert isinstance(found, Span), name
    return found
