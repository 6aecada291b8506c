"""`python -m bench.processor`: CPU of Airflow's DAG processor, with our files and the way before.

Half an hour for a version on a quiet machine of two cores; the figures are CPU, so that a busy one
takes longer and says nearly the same.
"""

import argparse
import json
import tempfile
from pathlib import Path

from rich.console import Console

from bench.processor import one_version
from bench.processor.dag_processor import Workplace
from bench.processor.extrapolation import Span
from bench.processor.hourly import Figures, table
from demo.airflow.postgres import postgres
from demo.airflow.versions import VERSIONS
from demo.local_aws import LocalAws, local_aws


def main() -> int:
    """Measures the versions one after the other; prints each figure when it is there."""
    parser = argparse.ArgumentParser(prog="python -m bench.processor", description=__doc__)
    parser.add_argument("--airflow", nargs="+", choices=list(VERSIONS), default=list(VERSIONS))
    parser.add_argument("--files", nargs="+", type=int, default=[300, 1000], metavar="NUMBER")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each loop is watched")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    arguments = parser.parse_args()
    figures: dict[str, Figures] = {}
    with (
        tempfile.TemporaryDirectory(prefix="dagc-processor-") as folder,
        postgres() as database,
        local_aws() as aws,
    ):
        for airflow in arguments.airflow:
            place = Workplace(airflow, Path(folder), database)
            figures[airflow] = {}
            _measure(place, aws, arguments.files, arguments.seconds, figures[airflow])
            Console(width=100).print(table(airflow, figures[airflow], arguments.files))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _measure(
    place: Workplace, aws: LocalAws, files: list[int], seconds: float, figures: Figures
) -> None:
    def found(name: str, figure: Span | dict[str, float]) -> None:
        figures[name] = figure
        print(f"{place.airflow}  {name}: {figure}", flush=True)  # noqa: T201 - what it is for

    one_version.loop_alone(place, seconds, found)
    for number in files:
        edits = number == files[0]
        one_version.with_files(place, number, seconds, found, edits=edits)
    one_version.checked(place, 2 * seconds, found)
    for number in files:
        one_version.scanning(place, aws, number, 3 * seconds, found)


if __name__ == "__main__":
    raise SystemExit(main())
