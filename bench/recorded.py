"""Figures that this run does not measure: the DAG processor's, and the computed costs."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from bench.measure import Comparison, Series
from bench.place import Place

PROCESSOR = Path(__file__).parent / "processor" / "recorded.yaml"


def processor(_place: Place) -> Iterator[Comparison]:
    """What `python -m bench.processor`, which takes hours, has found last."""
    recorded = yaml.safe_load(PROCESSOR.read_text("utf-8"))
    loop, again = recorded["its idle loop"], recorded["each file again after the interval"]
    for airflow, of_files in again.items():
        for files, seconds in of_files.items():
            yield Comparison(
                f"DAG processor of {airflow}, {files:,} files: CPU an hour",
                Series("s", [seconds]),
                "its idle loop",
                Series("s", [loop[airflow][files]]),
                target=f"processor-{airflow}-{files}",
                note=f"python -m bench.processor, {recorded['date']}",
            )


def costs(place: Place) -> Iterator[Comparison]:
    """What docs/cost.py computes of counted calls, with this run's durations if it has them."""
    from docs import cost

    edits, month = cost.dollars(cost.count(), cost.durations(place.more))
    for title, dollars, target in (
        ("a million edits of a task's SQL", edits, "cost-edits"),
        ("an idle stack of 1,000 DAGs, a month", month, "cost-month"),
    ):
        yield Comparison(title, Series("$", [dollars]), target=target, note="docs/cost.py")
