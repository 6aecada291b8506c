"""How runs are told to people."""

import shlex
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dagc.aws.run_table import RunItem
from dagc.cli.diagnostic_listing import visible
from dagc.cli.latest_runs import Run

MOST = 3
"""Failed tasks of a run that the list shows: `--run` shows all."""
ERROR = 800
"""Characters of an error in the list."""
STYLES = {"success": "green", "failed": "bold red", "running": "cyan", "up_for_retry": "yellow"}


def print_runs(console: Console, runs: list[Run]) -> None:
    """A line for each run; then what failed, and where its log is."""
    table = _table("state", "DAG", "run", "started (UTC)", "took", "failed task")
    for run in runs:
        tasks = dict.fromkeys(map(_task, run.failed_for_good)) if run.failed else {}
        cells = _cells(run.item, run.item["dag_id"], run.item["run_id"])
        table.add_row(*cells, Text(_some(list(tasks))))
    console.print(table)
    for run in runs:
        if run.failed:
            _print_failure(console, run)


def print_run(console: Console, run: RunItem | None, tries: list[RunItem]) -> None:
    """The tries of a run, in the order in which they began; then each that failed."""
    table = _table("state", "task", "try", "started (UTC)", "took", "rows", "query ids")
    for attempt in tries:
        cells = _cells(attempt, _task(attempt), str(attempt["try_number"]))
        rows, ids = attempt.get("rows_affected", ""), attempt.get("query_ids", ())
        table.add_row(*cells, str(rows), ", ".join(map(str, ids)))
    if run:
        console.print(_line(f"{run['dag_id']} {run['run_id']}", run))
    console.print(table)
    for attempt in tries:
        if attempt["state"] in {"failed", "up_for_retry"}:
            _print_try(console, attempt)


def print_dropped(console: Console, dropped: list[RunItem]) -> None:
    """How many events the table never got, on which machines, and why the last of them."""
    last = max(dropped, key=lambda item: str(item["ended_at"]))
    count = sum(int(item["dropped"]) for item in dropped)
    hosts = _some(list(dict.fromkeys(visible(str(item["host"])) for item in dropped)))
    moment = str(last["ended_at"])[:19].replace("T", " ")
    text = (
        f"Not all is here: Airflow dropped {count} {'event' if count == 1 else 'events'} of runs "
        f"on {hosts}, the last at {moment}: {visible(str(last['error']))}. "
        "docs/run-history.md says what to do."
    )
    console.print()
    console.print(text, style="yellow", markup=False, soft_wrap=True)


def _some(names: list[str]) -> str:
    more = len(names) - MOST
    return ", ".join(names[:MOST]) + (f" and {more} more" if more > 0 else "")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # A name that is cut cannot be copied.
        table.add_column(column, overflow="fold")
    return table


def _cells(item: RunItem, *names: str) -> Iterator[Text]:
    state = str(item["state"])
    yield Text(state, STYLES.get(state, ""))
    for name in names:
        yield Text(visible(name))
    yield Text(str(item["started_at"])[:19].replace("T", " "))
    yield Text(duration(item.get("duration")))


def duration(seconds: float | None) -> str:
    """As a person says it: to a tenth of a second, or to the second."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _print_failure(console: Console, run: Run) -> None:
    item = run.item
    console.print()
    console.print(_line(f"{item['dag_id']} {item['run_id']}", item), soft_wrap=True)
    for attempt in run.failed_for_good[:MOST]:
        _print_try(console, attempt, ERROR)
    if not run.failed_for_good:
        console.print(f"  no task failed: {item.get('reason', 'Airflow does not say why')}")
    shown = shlex.join(["--dag", item["dag_id"], "--run", item["run_id"]])
    console.print(f"  its tasks: dagc runs {visible(shown)}", markup=False, soft_wrap=True)


def _print_try(console: Console, item: RunItem, length: int | None = None) -> None:
    text = visible(str(item.get("error", "no error was told"))[:length])
    lines = [f"{_task(item)}, try {item['try_number']}: {text}"]
    if url := item.get("url"):
        lines.append(f"log: {visible(str(url))}")
    for line in lines:
        console.print(f"  {line}", markup=False, soft_wrap=True)


def _task(item: RunItem) -> str:
    index = f"[{item['map_index']}]" if item["map_index"] >= 0 else ""
    return visible(f"{item['task_id']}{index}")


def _line(name: str, item: RunItem) -> Text:
    state = str(item["state"])
    return Text.assemble((visible(name), "bold"), " ", (state, STYLES.get(state, "")))
