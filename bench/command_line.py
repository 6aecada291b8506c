"""Runs all measurements, one after the other, and shows how far it is."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench import bulk, cold, edit, imports, package, report, scale, warm
from bench.measure import Comparison
from demo import deploy
from demo.local_aws import REGION, LocalAws, local_aws
from demo.stack import Stack

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


def main() -> int:
    """Measures, prints, and writes the JSON file if one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values to FILE")
    parser.add_argument(
        "--dags",
        type=int,
        default=scale.DAGS,
        metavar="NUMBER",
        help=f"rebuild so many DAGs instead of {scale.DAGS:,}; 10,000 take ten minutes",
    )
    arguments = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    comparisons: list[Comparison] = []
    with _steps(console) as step:
        comparisons += warm.measure(step)
    with local_aws() as aws:
        split = _measure_package(aws, arguments.dags, console, comparisons)
    report.show(comparisons, split, console)
    if arguments.json:
        report.save(comparisons, split, arguments.json)
    return 0


def _measure_package(
    aws: LocalAws, dags: int, console: Console, comparisons: list[Comparison]
) -> dict[str, float]:
    """Adds what the built package takes; returns the split of its cold start."""
    built, template = package.build(aws, console)
    with _steps(console) as step:
        comparisons += bulk.measure(built, step)
        comparisons += scale.measure(aws, built, dags, step)
    stack = deploy.deploy(aws, template, console)
    variables = _variables(stack)
    with _steps(console) as step:
        step("building the usual package")
        usual = package.build_usual(aws.folder / "usual")
        runtime = package.build_runtime(aws.folder / "runtime")
        comparisons += cold.measure(built, usual, runtime, variables, step)
        comparisons += edit.measure(stack, built, runtime, variables, step)
        step("imports")
        return imports.split(built, variables)


def _variables(stack: Stack) -> dict[str, str]:
    """The function's variables as deployed. Its streams are cut: only the benchmark invokes it."""
    client = stack.aws.session().client("lambda", endpoint_url=stack.aws.endpoint)
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.delete_event_source_mapping(UUID=mapping["UUID"])
    found = client.get_function_configuration(FunctionName=stack.functions["compiler"])
    return {**found["Environment"]["Variables"], **_CREDENTIALS}


@contextmanager
def _steps(console: Console) -> Iterator[Callable[[str], None]]:
    """Something to tell each step to: it shows the latest, and how many there were."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed}"),
        TimeElapsedColumn(),
        console=console,
        refresh_per_second=2,
    ) as progress:
        task = progress.add_task("", total=None)

        def step(name: str) -> None:
            progress.update(task, description=name, advance=1)

        yield step
