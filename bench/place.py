"""Where it is measured: a local AWS, and what is built and deployed there, when first asked for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench import package
from bench.account import Table
from demo import deploy
from demo.local_aws import REGION, LocalAws
from demo.stack import Stack

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


class Place:
    """What the measurements share.

    `step` is told what has just been done. `more` takes what a measurement finds beyond numbers to
    compare: plain values, by name, for the JSON file. `tables` are those of `bench.tables`.
    """

    def __init__(
        self, aws: LocalAws, console: Console, dags: tuple[int, ...], *, quick: bool
    ) -> None:
        self.aws = aws
        self.dags = dags
        self.quick = quick
        self.more: dict[str, Any] = {}
        self.tables: dict[int, Table] = {}
        self.step: Callable[[str], None] = lambda _name: None
        self._console = console

    def rounds(self, number: int) -> int:
        """How often a comparison that deserves so many rounds is measured."""
        return max(1, number // 20) if self.quick else number

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Shows the latest step, and how many there were."""
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
            console=self._console,
            refresh_per_second=2,
        ) as progress:
            task = progress.add_task("", total=None)
            self.step = lambda name: progress.update(task, description=name, advance=1)
            yield

    @property
    def package(self) -> Path:
        """The folder of the function's package, as `sam build` makes it."""
        return self._built[0]

    @cached_property
    def usual(self) -> Path:
        """The package of the usual libraries."""
        return package.build_usual(self.aws.folder / "usual")

    @cached_property
    def runtime(self) -> Path:
        """What Lambda's image holds beside a function."""
        return package.build_runtime(self.aws.folder / "runtime")

    @cached_property
    def stack(self) -> Stack:
        """The project's stack. Its streams are cut: only the benchmark invokes the functions."""
        stack = deploy.deploy(self.aws, self._built[1], self._console)
        client = self.aws.client("lambda")
        for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
            client.delete_event_source_mapping(UUID=mapping["UUID"])
        return stack

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The compiler's variables as deployed."""
        client = self.aws.client("lambda")
        found = client.get_function_configuration(FunctionName=self.stack.functions["compiler"])
        return {**found["Environment"]["Variables"], **_CREDENTIALS}

    @cached_property
    def _built(self) -> tuple[Path, Path]:
        return package.build(self.aws, self._console)
