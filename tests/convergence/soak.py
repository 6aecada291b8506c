"""`make soak`: thousands of histories, each another; what went wrong in them, and how to see it.

`python -m tests.convergence.soak --histories 2000 --seed 7` runs the same ones again; with `--kind
LATE`, histories that are all of that kind (`kinds.py`).
"""

import argparse
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.convergence.histories import Histories
from tests.convergence.kinds import Kind
from tests.convergence.running import run
from tests.emulator.aws import Aws

BATCH = 25
PROCESSES = 2


class Report(NamedTuple):
    """What happened in a batch of histories: how often what, and what came out wrong, if it did."""

    seed: int
    happened: Counter[str]
    wrong: str


def main() -> int:
    """Runs the histories, and tells; 1 if one of them came out wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--kind", choices=[kind.name for kind in Kind])
    options = parser.parse_args()
    kinds = frozenset([Kind[options.kind]] if options.kind else [])
    console = Console()
    console.print(f"{options.histories} histories from seed {options.seed}")
    happened = Counter[str]()
    seeds = range(options.seed, options.seed + -(-options.histories // BATCH))
    columns = (TextColumn("histories"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor(PROCESSES) as pool:
        bar = progress.add_task("histories", total=len(seeds) * BATCH)
        for batch in as_completed([pool.submit(_batch, seed, kinds) for seed in seeds]):
            report = batch.result()
            if report.wrong:
                pool.shutdown(cancel_futures=True)
                console.print(report.wrong, markup=False)
                again = f" --kind {options.kind}" if options.kind else ""
                console.print(
                    f"Again: --histories {BATCH} --seed {report.seed}{again}", style="red"
                )
                return 1
            happened += report.happened
            progress.advance(bar, BATCH)
            if not console.is_terminal:  # where no bar moves
                console.print(f"{progress.tasks[bar].completed:,} histories, none wrong")
    console.print(_table(happened))
    return 0


def _batch(seed: int, kinds: frozenset[Kind]) -> Report:
    """Runs a batch; and where it came out wrong, once more, for the shortest history."""
    happened = Counter[str]()
    wrong = _wrong(seed, kinds, happened)
    return Report(seed, happened, wrong and (_wrong(seed, kinds, Counter(), shrinks=True) or wrong))


def _wrong(
    seed: int, kinds: frozenset[Kind], happened: Counter[str], *, shrinks: bool = False
) -> str:
    class Counted(Histories):
        """A history that counts what happened in it."""

        always = kinds

        def teardown(self) -> None:
            super().teardown()
            happened.update(self.happened())

    try:
        run(Counted, Aws(validates=False), histories=BATCH, seed=seed, shrinks=shrinks)
    except Exception as error:  # noqa: BLE001  told in the other process
        notes = "\n".join(getattr(error, "__notes__", ()))
        return f"{type(error).__name__}: {error}\n{notes}"
    return ""


def _table(happened: Counter[str]) -> Table:
    table = Table("what happened", "times")
    table.columns[1].justify = "right"
    for what, count in sorted(happened.items()):
        table.add_row(what, f"{count:,}")
    return table


if __name__ == "__main__":
    raise SystemExit(main())
