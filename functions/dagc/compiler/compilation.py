"""Rows in, DAG files or diagnostics out. Pure: no AWS, no clock, no environment.

One question for one DAG id: what should its file hold, given the rows as they are now? `Dag` is the
answer: a text, or nothing to be there (not `enabled`), or diagnostics that leave the file as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from dagc.compiler.analysis.duplicate_names import duplicate_names
from dagc.compiler.analysis.job_analysis import analyse_job
from dagc.compiler.analysis.other_dags import OtherDags
from dagc.compiler.analysis.scheduler_analysis import analyse_scheduler
from dagc.compiler.analysis.sent_params import sent_params
from dagc.compiler.analysis.unpublished_jobs import JobFile
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, has_errors
from dagc.compiler.rendering.job_file import render_job
from dagc.compiler.rendering.render_error import template_problem
from dagc.compiler.rendering.scheduler_file import render_scheduler
from dagc.compiler.rows.attributes import Item
from dagc.compiler.rows.dag_ids import DagRow, named_ids
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import JOB, SCHEDULER, TASK, row_key
from dagc.compiler.snapshot import Snapshot, shared_jobs
from dagc.compiler.toolchain import Toolchain

MAX_FILE_SIZE = 4 * 1024 * 1024
"""Bytes. Far beyond what Airflow parses in its time limit (30 s) and MWAA synchronises at ease."""


Model = TypeVar("Model")


class Dag(NamedTuple):
    """What the rows that claim a DAG id make of it.

    `text` is the content of its file; None where no enabled row claims the id, or where the DAG is
    invalid: then `diagnostics` has errors. `bug` is what the compiler itself raised, if it did: the
    rows are not to blame.
    """

    dag_id: str
    enabled: bool
    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()
    rows: tuple[DagRow, ...] = ()
    bug: Exception | None = None

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.dag_id}.py"


def read_rows(
    tasks: Iterable[Item], jobs: Iterable[Item], schedulers: Iterable[Item], toolchain: Toolchain
) -> Snapshot:
    """The rows of the three tables."""
    tables = {TASK: tasks, JOB: jobs, SCHEDULER: schedulers}
    items = {row_key(table, item): item for table, items in tables.items() for item in items}
    return Snapshot(items, toolchain.types)


def compile_rows(snapshot: Snapshot, toolchain: Toolchain) -> Iterator[Dag]:
    """Every DAG that the rows make, one at a time, in the order of the DAG ids: the jobs' first.

    What is published is not known here: of a job in error, the last good file is taken to stand.
    """
    unpublished: dict[str, JobFile] = {}
    claims = snapshot.claims()
    sent = sent_params(chain.from_iterable(claims.values()), toolchain.defaults)
    others = OtherDags(unpublished, shared_jobs(claims), sent)
    for dag_id, rows in sorted(claims.items()):
        dag = compile_dag(dag_id, rows, snapshot, toolchain, others)
        if dag.enabled and dag.text is None:
            unpublished[dag_id] = JobFile.LAST_GOOD
        yield dag


def compile_dag(
    dag_id: str,
    rows: Sequence[DagRow],
    snapshot: Snapshot,
    toolchain: Toolchain,
    others: OtherDags,
) -> Dag:
    """The DAG that `rows` make, which claim its id, with all that they name in `snapshot`.

    `others` knows at least the jobs that a scheduler among `rows` names. Where several enabled rows
    claim the id, each is in error. Where the compiler itself fails, that is its only diagnostic.
    """
    enabled = [row for row in rows if row.enabled]
    clashes = duplicate_names(enabled) if len(enabled) > 1 else {}
    texts: list[str | None] = []
    diagnostics: list[Diagnostic] = []
    if clashes and named_ids(enabled) is None:
        found = [it for row in enabled for it in (*row.diagnostics, *clashes[row.row])]
        return Dag(dag_id, enabled=True, text=None, diagnostics=tuple(found), rows=tuple(rows))
    for row in enabled:
        try:
            text, told = _compile_row(row, clashes.get(row.row, ()), snapshot, toolchain, others)
        except Exception as bug:  # noqa: BLE001  reported with the DAG: a bug blocks no other
            return failed(dag_id, row.row, bug)._replace(rows=tuple(rows))
        texts.append(text)
        diagnostics += told
    text = texts[0] if len(texts) == 1 else None
    return Dag(dag_id, bool(enabled), text, tuple(diagnostics), tuple(rows))


def failed(dag_id: str, row: RowKey, bug: Exception) -> Dag:
    """The DAG of a row at which the compiler itself failed."""
    problem = Problem(
        Code.COMPILER_BUG,
        f"the compiler failed: {type(bug).__name__}: {bug}"[:500],
        "Not the row's fault: please report it, with this row. The function's log has more.",
    )
    return Dag(dag_id, enabled=True, text=None, diagnostics=(problem.at(row, ""),), bug=bug)


def _compile_row(
    row: DagRow,
    clashes: Sequence[Diagnostic],
    snapshot: Snapshot,
    toolchain: Toolchain,
    others: OtherDags,
) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The file that `row` makes by itself, if it makes one, and all that is wrong with it.

    `clashes` are the diagnostics of its name against those of other rows.
    """
    defaults, target, names = toolchain.defaults, toolchain.target, toolchain.names
    if isinstance(row, JobRow):
        tasks = snapshot.tasks_of(row)
        sent = others.sent.get(row.job_id, ())
        job, diagnostics = analyse_job(row, tasks, defaults, target, names=names, sent=sent)
        return _rendered(row, job, [*diagnostics, *clashes], lambda it: render_job(it, toolchain))
    jobs = snapshot.jobs_of(row)
    scheduler, diagnostics = analyse_scheduler(row, jobs, defaults, target, others, names=names)
    return _rendered(
        row, scheduler, [*diagnostics, *clashes], lambda it: render_scheduler(it, toolchain)
    )


def _rendered(
    row: DagRow,
    model: Model | None,
    diagnostics: list[Diagnostic],
    render: Callable[[Model], str],
) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of `model`, unless something is wrong; and `diagnostics`, with what that found."""
    text = None
    if model is not None and not has_errors(diagnostics):
        with template_problem(row.row, diagnostics):
            text = render(model)
            diagnostics += _size_problem(row.row, text)
    if has_errors(diagnostics):
        text = None
    return text, tuple(dict.fromkeys(diagnostics))


def _size_problem(row: RowKey, text: str) -> Iterator[Diagnostic]:
    if len(text) * 4 <= MAX_FILE_SIZE:  # a character has at most four bytes
        return
    size = len(text.encode())
    if size > MAX_FILE_SIZE:
        yield Problem(
            Code.TOO_LARGE,
            f"its DAG file has {size:,} bytes, where at most {MAX_FILE_SIZE:,} are allowed",
            "Split it, or move long texts to files beside the DAGs.",
        ).at(row, "")
