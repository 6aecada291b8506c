"""The last chapters of the story: rows in files, a plan of what edits do, and exactly that done."""

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from demo import files
from demo.chapters import Chapters
from demo.command_line import show_command
from demo.deploy import EXAMPLES, STACK_NAME
from demo.rows import Row, find, put
from demo.stage import Stage
from demo.unexpected import UnexpectedError

TO_DO = 2
"""How `dagc plan` ends where there is something to do."""

INTERRUPTED = 130
"""How a command ends by Ctrl-C."""

MANY = 400
"""Enough that they are not all written at once."""

EDITS = (
    ("mwaa_task/301.1.sql", "macros.ds_add(ds, -7)", "macros.ds_add(ds, -3)"),
    ("mwaa_job/mart/20.yaml", "retries: 5", "retries: 4"),
    ("mwaa_scheduler/2.yaml", "status: 1", "status: 0"),
)
"""In which file of a row, what becomes what."""


def tell_of_plans(stage: Stage, chapters: Chapters, console: Console) -> None:
    """Rows in git: export, edit, plan, apply; and an edit that somebody else was faster with."""
    with TemporaryDirectory(prefix="dagc-rows-") as folder:
        desk = _Desk(stage, console, Path(folder))
        with chapters.chapter("The rows go into files") as chapter:
            chapter.outcome = desk.export()
        with chapters.chapter("What would these edits do?") as chapter:
            chapter.outcome = desk.plan_edits()
        with chapters.chapter("Exactly that is done") as chapter:
            chapter.outcome = desk.apply()
        with chapters.chapter("Ctrl-C, and on") as chapter:
            chapter.outcome = desk.be_interrupted()
        with chapters.chapter("Somebody else was faster") as chapter:
            chapter.outcome = desk.be_overtaken()


class _Desk:
    """A folder of rows, where somebody works with `dagc`."""

    def __init__(self, stage: Stage, console: Console, folder: Path) -> None:
        self._stage, self._console = stage, console
        self._rows, self._plan = folder / "rows", folder / "plan.json"

    def export(self) -> str:
        """Every row is a file, and a plan of these files finds nothing to do."""
        self._dagc("export", "--stack", STACK_NAME, "--out", self._rows, "--sql", "files")
        self._dagc("plan", *self._wanted, exit_code=0)
        return f"{len(list(self._rows.rglob('*.yaml')))} files of rows, and nothing to do"

    def plan_edits(self) -> str:
        """Three edits, and all that follows, before anything is written."""
        before = files.versions(self._stage.stack)
        for file, old, new in EDITS:
            self._edit(file, old, new)
        self._dagc("plan", *self._wanted, "--out", self._plan, exit_code=TO_DO)
        if files.versions(self._stage.stack) != before:
            raise UnexpectedError("a plan to write nothing", "other files")
        return "all consequences of three edits, and nothing is written yet"

    def apply(self) -> str:
        """What the plan said is what is there."""
        self._dagc("apply", self._plan)
        self._dagc("plan", *self._wanted, exit_code=0)
        return "what the plan said is what is there"

    def be_interrupted(self) -> str:
        """Whatever ends an apply in between: the next one of the same plan goes on."""
        for number in range(MANY):
            row = f'task_id: "new-{number:03}"\ntask_name: new\ntask_type: EMPTY\n'
            (self._rows / f"mwaa_task/new-{number:03}.yaml").write_text(row, encoding="utf-8")
        self._console.print(
            f"{MANY} new tasks, which no job names yet; and Ctrl-C after the first."
        )
        self._dagc("plan", *self._wanted, "--out", self._plan, exit_code=TO_DO)
        words = ("apply", self._plan)
        show_command(
            self._stage.stack,
            self._console,
            words,
            exit_code=INTERRUPTED,
            interrupt_when=self._first_is_written,
        )
        self._dagc(*words)
        return "some rows were written, then the others"

    def be_overtaken(self) -> str:
        """A row that is not as the plan saw it keeps all from being written."""
        stack = self._stage.stack
        self._edit(*EDITS[0][:1], "macros.ds_add(ds, -3)", "macros.ds_add(ds, -1)")
        self._dagc("plan", *self._wanted, "--out", self._plan, exit_code=TO_DO)
        self._console.print("Meanwhile somebody edits task 301 in the console.")
        theirs: Row = {**find(self._stage.rows, "task", task_id="301"), "status": 1}
        put(stack, "task", theirs)
        self._dagc("apply", self._plan, exit_code=1)
        live = stack.dynamodb.Table(stack.tables["task"]).get_item(Key={"task_id": "301"})["Item"]
        if "-1)" in str(live):
            raise UnexpectedError("the row to be theirs", f"{live}")
        return "the plan is refused; their edit stays"

    @property
    def _wanted(self) -> tuple[object, ...]:
        return "--stack", STACK_NAME, "--team", EXAMPLES, "--rows", self._rows

    def _first_is_written(self) -> bool:
        stack = self._stage.stack
        table = stack.dynamodb.Table(stack.tables["task"])
        return "Item" in table.get_item(Key={"task_id": "new-000"}, ConsistentRead=True)

    def _edit(self, file: str, old: str, new: str) -> None:
        path = self._rows / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise UnexpectedError(f"{file} to have {old!r}", text)
        path.write_text(text.replace(old, new), encoding="utf-8")
        self._console.print(f"{file}: {old} → {new}", markup=False, highlight=False)

    def _dagc(self, *words: object, exit_code: int = 0) -> None:
        show_command(self._stage.stack, self._console, words, exit_code=exit_code)
