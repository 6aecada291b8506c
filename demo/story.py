"""`make demo`: the story. Every chapter does something, shows it, and checks that it happened."""

import copy
import time
from collections import Counter

from rich.console import Console

from demo import command_line, dags, events, files, show
from demo.chapters import Chapters
from demo.command_line import show_command
from demo.dags import Dag
from demo.deploy import EXAMPLES, STACK_NAME
from demo.files import DagFile
from demo.plan_story import tell_of_plans
from demo.rebuild import rebuild
from demo.rows import Row, find, put
from demo.stack import Stack
from demo.stage import Stage, opened, team_option
from demo.unexpected import UnexpectedError
from demo.waiting import wait_until

SHOWN = "job-export_marketing"
EDITED = "job-mart_sales"
DISABLED = "job-export_finance"
BEREFT = "schedule-weekly_close"

TOLD = Counter({"DAG published": 4, "DAG refused": 2, "DAG removed": 1})
"""What others hear of it all: two edits and two repairs; two mistakes; the disabled job."""

SETTLE_SECONDS = 1.0
"""How long a file that must not change is given to change all the same."""


def main() -> int:
    """Tell the story; 0 if everything happened as it says. A team's own rows become files, and no
    more: what follows is about the example's.
    """
    team = team_option(__doc__)
    console = Console()
    chapters = Chapters(console)
    try:
        with opened(chapters, console, team=team) as stage:
            if team == EXAMPLES:
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
    queue = events.listen(stage.stack)
    with chapters.chapter("Somebody edits a task") as chapter:
        chapter.outcome = _edit(stage, console)
    with chapters.chapter("Somebody makes a mistake") as chapter:
        chapter.outcome = _mistake(stage, console)
    with chapters.chapter("The mistake is repaired") as chapter:
        chapter.outcome = _repair(stage, console)
    with chapters.chapter("Somebody disables a job") as chapter:
        chapter.outcome = _disable(stage, console)
    with chapters.chapter("Somebody meddles with the files") as chapter:
        chapter.outcome = _meddle(stage, console)
    with chapters.chapter("Others have heard of it") as chapter:
        chapter.outcome = _told(stage.stack, queue, console)
    tell_of_plans(stage, chapters, console)
    with chapters.chapter("Is all well?") as chapter:
        show_command(
            stage.stack, console, ["doctor", "--stack", STACK_NAME, "--canary"], exit_code=0
        )
        chapter.outcome = "rows of dagc's own went all the way, and nothing of them is left"


def _edit(stage: Stage, console: Console) -> str:
    """One row changes: one file changes."""
    row = copy.deepcopy(find(stage.rows, "task", task_id="301"))
    statements = row["task_params"]["sql"]
    row["task_params"]["sql"] = [text.replace("(ds, -2)", "(ds, -7)") for text in statements]
    console.print("Task 301 rebuilds the last seven days, not two.")
    before = files.versions(stage.stack)
    milliseconds = _replace(stage.stack, "task", row, console)
    console.print(
        "(edit_to_file_ms counts from the full second: streams tell no more of the time.)"
    )
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
    put(stage.stack, "job", _configured(stage, {"retires": 5}))
    show.dag(_refused(stage.stack, EDITED), console)
    command_line.validate(stage.stack, console, exit_code=1)
    _require_unchanged(stage.stack, before)
    return f"mwaa_dag tells what is wrong; {EDITED}.py stays, byte for byte"


def _repair(stage: Stage, console: Console) -> str:
    """The same row, written as it was meant."""
    console.print('It is "retries".')
    row = _configured(stage, {"retries": 5})
    milliseconds = _replace(stage.stack, "job", row, console)
    command_line.validate(stage.stack, console, exit_code=0)
    return f"mwaa_dag is clear; the file is new, {milliseconds:.0f} ms after the repair"


def _disable(stage: Stage, console: Console) -> str:
    """Its file goes; the scheduler that still names it is told so, and keeps its last good file."""
    before = files.read(stage.stack, BEREFT)
    console.print("Job 40 gets status 0. Scheduler 5 still names it.")
    row = {**find(stage.rows, "job", job_type="export", job_id="40"), "status": 0}
    put(stage.stack, "job", row)
    show.dag(_refused(stage.stack, BEREFT), console)
    dags.wait_for(stage.stack, DISABLED, "disabled", lambda dag: dag.get("state") == "disabled")
    if DISABLED in files.versions(stage.stack):
        raise UnexpectedError(f"{DISABLED}.py to go", "it")
    _require_unchanged(stage.stack, before)
    return f"{DISABLED}.py is gone; {BEREFT}.py is reported, and stays"


def _meddle(stage: Stage, console: Console) -> str:
    """The files belong to the rows: the next rebuild, at the latest in an hour, sees to that."""
    stack = stage.stack
    deleted, changed = files.read(stack, SHOWN), files.read(stack, EDITED)
    console.print(f"Somebody deletes {SHOWN}.py, and appends a line to {EDITED}.py.")
    files.delete(stack, SHOWN)
    files.write(stack, EDITED, f"{changed.text}# by hand\n")
    counts = rebuild(stack, console)
    if (files.read(stack, SHOWN).text, files.read(stack, EDITED).text) != (
        deleted.text,
        changed.text,
    ):
        raise UnexpectedError("both files to be as before", "others")
    if counts["published"] != 2:
        raise UnexpectedError("the rebuild to write two files", f"{counts}")
    return "a rebuild has put both back, and left all others alone"


def _told(stack: Stack, queue: str, console: Console) -> str:
    """A rule of EventBridge may pass the functions' events on: to a chat, a ticket, a test run."""
    heard = events.heard(stack, queue)
    show.events(heard, console)
    kinds = Counter(event["detail-type"] for event in heard)
    if kinds != TOLD:
        raise UnexpectedError(f"the events {dict(TOLD)}", f"{dict(kinds)}")
    return f"{len(heard)} events, none twice"


def _configured(stage: Stage, settings: Row) -> Row:
    """Job 20 with these settings for its task 303."""
    row = copy.deepcopy(find(stage.rows, "job", job_type="mart", job_id="20"))
    row["job_task_configs"]["303"].update(settings)
    return row


def _replace(stack: Stack, kind: str, row: Row, console: Console) -> float:
    """Put a row, show what became of EDITED, and return the milliseconds it took."""
    before = files.read(stack, EDITED)
    started = time.perf_counter()
    put(stack, kind, row)
    after = wait_until(
        lambda: files.read(stack, EDITED),
        lambda found: found.version != before.version,
        f"a new version of {EDITED}.py",
        lambda found: f"still version {found.version}",
    )
    milliseconds = (time.perf_counter() - started) * 1000
    show.diff(f"{EDITED}.py", before.text, after.text, console)
    show.dag(_published(stack, after), console)
    return milliseconds


def _published(stack: Stack, file: DagFile) -> Dag:
    """What mwaa_dag says, when it knows that this version of a file is there."""
    return dags.wait_for(
        stack,
        file.dag_id,
        "published, and right",
        lambda dag: (
            (dag.get("state"), dag.get("version")) == ("published", file.version)
            and "diagnostics" not in dag
        ),
    )


def _refused(stack: Stack, dag_id: str) -> Dag:
    """What mwaa_dag says, when it knows that the rows of a DAG are wrong."""
    return dags.wait_for(stack, dag_id, "invalid", lambda dag: dag.get("state") == "invalid")


def _require_unchanged(stack: Stack, before: DagFile) -> None:
    time.sleep(SETTLE_SECONDS)
    after = files.read(stack, before.dag_id)
    if after != before:
        raise UnexpectedError(
            f"version {before.version} of {before.dag_id}.py to stay", f"version {after.version}"
        )
