"""`make demo`: the story. Every chapter does something, shows it, and checks that it happened."""

import copy
import time

from rich.console import Console

from demo import command_line, files, function_log, show
from demo.chapters import Chapters
from demo.files import DagFile
from demo.function_log import Record
from demo.rows import Row, find, put
from demo.stack import Stack
from demo.stage import Stage, opened
from demo.unexpected import UnexpectedError
from demo.waiting import wait_until

SHOWN = "job-export_marketing"
EDITED = "job-mart_sales"
DISABLED = "job-export_finance"
BEREFT = "schedule-weekly_close"

SETTLE_SECONDS = 1.0
"""How long a file that must not change is given to change all the same."""


def main() -> int:
    """Tell the story; 0 if everything happened as it says."""
    console = Console()
    chapters = Chapters(console)
    try:
        with opened(chapters, console) as stage:
            _tell(stage, chapters, console)
    except UnexpectedError as problem:
        show.unexpected(problem, console)
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is left behind.")
        return 130
    console.print()
    console.print(chapters.summary())
    return 0 if all(chapter.done for chapter in chapters.told) else 1


def _tell(stage: Stage, chapters: Chapters, console: Console) -> None:
    with chapters.chapter("What Airflow reads") as chapter:
        shown = files.read(stage.stack, SHOWN)
        show.source(f"{SHOWN}.py", shown.text, console)
        chapter.outcome = f"{len(shown.text.splitlines())} lines of plain Airflow"
    with chapters.chapter("Somebody edits a task") as chapter:
        chapter.outcome = _edit(stage, console)
    with chapters.chapter("Somebody makes a mistake") as chapter:
        chapter.outcome = _mistake(stage, console)
    with chapters.chapter("The mistake is repaired") as chapter:
        chapter.outcome = _repair(stage, console)
    with chapters.chapter("Somebody disables a job") as chapter:
        chapter.outcome = _disable(stage, console)


def _edit(stage: Stage, console: Console) -> str:
    """One row changes: one file changes."""
    row = copy.deepcopy(find(stage.rows, "task", task_id="301"))
    statements = row["task_params"]["sql"]
    row["task_params"]["sql"] = [text.replace("(ds, -2)", "(ds, -7)") for text in statements]
    console.print("Task 301 rebuilds the last seven days, not two.")
    before = files.versions(stage.stack)
    milliseconds = _replace(stage.stack, "task", row, EDITED, console)
    time.sleep(SETTLE_SECONDS)
    after = files.versions(stage.stack)
    changed = sorted(dag for dag in after if after[dag] != before.get(dag))
    if changed != [EDITED]:
        raise UnexpectedError(f"only {EDITED} to change", f"changes of {changed}")
    return f"one file of {len(after)} was written, {milliseconds:.0f} ms after the edit"


def _mistake(stage: Stage, console: Console) -> str:
    """A row that cannot be compiled: said at once, and the last good file stays."""
    before = files.read(stage.stack, EDITED)
    console.print('Job 20 gets a setting that does not exist: task 303 shall have "retires" 5.')
    _complaints(stage.stack, "job", _configured(stage, {"retires": 5}), EDITED)
    command_line.validate(stage.stack, console, exit_code=1)
    _require_unchanged(stage.stack, before)
    return f"it is reported; {EDITED}.py stays, byte for byte"


def _repair(stage: Stage, console: Console) -> str:
    """The same row, written as it was meant."""
    console.print('It is "retries".')
    row = _configured(stage, {"retries": 5})
    milliseconds = _replace(stage.stack, "job", row, EDITED, console)
    command_line.validate(stage.stack, console, exit_code=0)
    return f"the file is new, {milliseconds:.0f} ms after the repair"


def _disable(stage: Stage, console: Console) -> str:
    """Its file goes; the scheduler that still names it is told so, and keeps its last good file."""
    before = files.read(stage.stack, BEREFT)
    console.print("Job 40 gets status 0. Scheduler 5 still names it.")
    row = {**find(stage.rows, "job", job_type="export", job_id="40"), "status": 0}
    records = _complaints(stage.stack, "job", row, BEREFT)
    wait_until(
        lambda: files.versions(stage.stack),
        lambda found: DISABLED not in found,
        f"{DISABLED}.py to go",
        lambda found: f"it is still there among {len(found)} files",
    )
    show.complaints(records, console)
    _require_unchanged(stage.stack, before)
    return f"{DISABLED}.py is gone; {BEREFT}.py is reported, and stays"


def _configured(stage: Stage, settings: Row) -> Row:
    """Job 20 with these settings for its task 303."""
    row = copy.deepcopy(find(stage.rows, "job", job_type="mart", job_id="20"))
    row["job_task_configs"]["303"].update(settings)
    return row


def _replace(stack: Stack, kind: str, row: Row, dag: str, console: Console) -> float:
    """Put a row, show what became of its DAG's file, and return the milliseconds it took."""
    before = files.read(stack, dag)
    started = time.perf_counter()
    put(stack, kind, row)
    after = wait_until(
        lambda: files.read(stack, dag),
        lambda found: found.version != before.version,
        f"a new version of {dag}.py",
        lambda found: f"still version {found.version}",
    )
    milliseconds = (time.perf_counter() - started) * 1000
    show.diff(f"{dag}.py", before.text, after.text, console)
    return milliseconds


def _complaints(stack: Stack, kind: str, row: Row, dag: str) -> list[Record]:
    """Put a row, and return what the function has to say about that DAG."""
    since = function_log.now()
    put(stack, kind, row)
    return wait_until(
        lambda: [
            record
            for record in function_log.records(stack, since)
            if function_log.is_complaint(record) and record.get("dag_id") == dag
        ],
        bool,
        f"a complaint about {dag} in the function's log",
        lambda _: "none",
    )


def _require_unchanged(stack: Stack, before: DagFile) -> None:
    time.sleep(SETTLE_SECONDS)
    after = files.read(stack, before.dag_id)
    if after != before:
        raise UnexpectedError(
            f"version {before.version} of {before.dag_id}.py to stay", f"version {after.version}"
        )
