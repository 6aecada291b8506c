"""What is aimed at: one table, by ids. Measurements refer to them (`Comparison.target`), and every
report shows all of them, also what its run left out.
"""

from collections.abc import Mapping
from typing import NamedTuple

TIMES = "×"


class Target(NamedTuple):
    """What is measured, and against what; `limit` is of the ratio to that, or of the value itself.

    `elsewhere` says where a figure comes from that `python -m bench` does not measure itself.
    """

    what: str
    limit: float
    unit: str = TIMES
    against: str = ""
    at_least: bool = False
    elsewhere: str = ""

    def met_by(self, figure: float) -> bool:
        """Whether a figure is on the right side."""
        return figure >= self.limit if self.at_least else figure <= self.limit

    @property
    def aim(self) -> str:
        """The limit as people read it."""
        return f"{'≥' if self.at_least else '≤'} {_with(f'{self.limit:,g}', self.unit)}"


def shown(figure: float, unit: str) -> str:
    """A figure with its unit, as exact as it is of use."""
    digits = 0 if figure == round(figure) or figure >= 100 else 1 if figure >= 10 else 2
    return _with(f"{figure:,.{digits}f}", unit)


def _with(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit == TIMES else f"{number} {unit}"


_FLOOR = "f-strings + compile()"
_RECORDED = "python -m bench.processor"
_COMPUTED = "docs/cost.py"

TARGETS: Mapping[str, Target] = {
    "rebuild-unchanged-1000": Target(
        "rebuild of 1,000 DAGs, nothing changed: CPU", 0.06, against="the first"
    ),
    "rebuild-unchanged-10000": Target(
        "rebuild of 10,000 DAGs, nothing changed: CPU", 0.06, against="the first"
    ),
    "rebuild-unchanged-50000": Target(
        "rebuild of 50,000 DAGs, nothing changed: CPU",
        0.06,
        against="the first",
        elsewhere="python -m bench --dags 50000",
    ),
    "first-rebuild-cpu": Target("first rebuild of 10,000 DAGs: CPU", 60, "s"),
    "first-rebuild-calls": Target("first rebuild of 10,000 DAGs: AWS calls", 36_000, "calls"),
    "rebuild-memory": Target("rebuild: peak memory", 512, "MiB"),
    "edit-cpu": Target("edit of a job of 20 tasks: CPU", 8, "ms"),
    "edit-depth": Target("edit of a job of 20 tasks: AWS calls one after the other", 5, "calls"),
    "edit-beside-many": Target("edit beside a large table: CPU", 1.2, against="beside 50 DAGs"),
    "shared-speedup": Target(
        "task shared by 1,000 jobs, with AWS's latencies", 24, against="one by one", at_least=True
    ),
    "shared-cpu": Target("task shared by 1,000 jobs: CPU for each DAG", 4.5, "ms"),
    "edit-to-file": Target(
        "edit to file, warm, in the local AWS", 4, against="a function that only puts a file"
    ),
    "edit-window": Target("batching window before an edit, by default", 0, "s"),
    "compile-floor": Target("compile of 20 tasks, warm", 1.4, against=_FLOOR),
    "compile-black": Target(
        "compile of 20 tasks, warm", 35, against="Jinja + black", at_least=True
    ),
    "compile-all": Target("compile of 10,000 DAGs, cold", 1.5, against=_FLOOR),
    "compile-memory": Target("compile of 10,000 DAGs: peak memory", 512, "MiB"),
    "cold-start": Target("cold start: CPU", 0.45, against="the usual libraries"),
    "dagbag": Target("DagBag in Airflow 3.3, per DAG", 1.03, against="written by hand"),
    "help": Target("`dagc --help`: CPU", 0.19, "s"),
    "compile-examples": Target("`dagc compile` of the examples: CPU", 0.35, "s"),
    **{
        f"processor-{airflow}-{files}": Target(
            f"DAG processor of {airflow}, {files:,} files, nothing edited: CPU an hour",
            1.4,
            against="its idle loop",
            elsewhere=_RECORDED,
        )
        for airflow in ("2.11", "3.0", "3.3")
        for files in (300, 1_000)
    },
    "cost-edits": Target("a million edits of a task's SQL", 11, "$", elsewhere=_COMPUTED),
    "cost-month": Target("a month of an idle stack, 1,000 DAGs", 4, "$", elsewhere=_COMPUTED),
}
