"""Runs the measurements, one after the other, and shows how far it is."""

import argparse
from pathlib import Path

from rich.console import Console

from bench import rebuilds, report, run
from bench.parts import chosen
from bench.place import Place
from demo.local_aws import local_aws


def main() -> int:
    """Measures, prints, and writes the JSON file if one is asked for, after each part."""
    parser, arguments = _arguments()
    try:
        parts = chosen(arguments.only)
    except ValueError as error:
        parser.error(str(error))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    with local_aws() as aws:
        place = Place(aws, console, tuple(arguments.dags), quick=arguments.quick)
        found = run.Run(more=place.more, options={"quick": place.quick})
        for name, part in parts.items():
            with place.shown():
                found.add(name, part.measure(place))
            if arguments.json:  # what is broken off has not been in vain
                run.save(found.as_dict(), arguments.json)
    report.show(found.as_dict(), console)
    return 0


def _arguments() -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values to FILE")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="ID",
        help="only these targets, or parts, with what is measured together with them",
    )
    parser.add_argument(
        "--dags",
        nargs="+",
        type=int,
        default=rebuilds.DAGS,
        metavar="NUMBER",
        help="rebuild tables of so many DAGs; 50000 takes half an hour",
    )
    parser.add_argument(
        "--quick", action="store_true", help="few rounds: to see that it runs, not for its figures"
    )
    return parser, parser.parse_args()
