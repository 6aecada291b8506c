"""What the file of one DAG id should hold, given the rows that claim it."""

from collections.abc import Sequence
from typing import NamedTuple

from dagc.compiler.analysis.duplicate_names import duplicate_names
from dagc.compiler.compilation import Artifact, compile_job, compile_scheduler
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import JOB
from dagc.compiler.toolchain import Toolchain
from dagc.plan.dag_ids import DagRow, inputs_of, source_table
from dagc.plan.snapshot import Snapshot


class Dag(NamedTuple):
    """The answer: `text`; or None, where no enabled row claims the id, or where it is invalid.

    `bug` is what the compiler itself raised, if it did: the rows are not to blame.
    """

    enabled: bool
    text: str | None
    diagnostics: tuple[Diagnostic, ...]
    bug: Exception | None = None


def compile_dag(claimants: Sequence[DagRow], snapshot: Snapshot, toolchain: Toolchain) -> Dag:
    """The DAG that `claimants` make: rows that claim one id, with all that they name in `snapshot`.

    Where several enabled rows claim it, each is in error.
    """
    enabled = [row for row in claimants if row.enabled]
    clashes = duplicate_names(enabled)
    if len(enabled) > 1 and not inputs_of(enabled):
        told = (each for row in enabled for each in (*row.diagnostics, *clashes[row.row]))
        return Dag(enabled=True, text=None, diagnostics=tuple(told))
    artifacts: list[Artifact] = []
    for row in enabled:
        try:
            artifacts.append(_compile(row, clashes.get(row.row, ()), snapshot, toolchain))
        except Exception as bug:  # noqa: BLE001  told with the DAG: a bug blocks no other
            return failed(bug, row.row)
    return Dag(
        enabled=bool(enabled),
        text=artifacts[0].text if len(artifacts) == 1 else None,
        diagnostics=tuple(each for artifact in artifacts for each in artifact.diagnostics),
    )


def _compile(
    row: DagRow, clashes: Sequence[Diagnostic], snapshot: Snapshot, toolchain: Toolchain
) -> Artifact:
    if isinstance(row, JobRow):
        return compile_job(row, snapshot.tasks(row.tasks), clashes, toolchain)
    return compile_scheduler(row, snapshot.jobs(row.jobs), clashes, toolchain)


def undecided(dag_id: str) -> Dag:
    """A DAG that more rows claimed than a record holds, and perhaps others do than are known."""
    table = source_table(dag_id)
    problem = Problem(
        Code.DUPLICATE_NAME,
        "more rows have, or had, this name than can be kept track of",
        "Rename or disable all but one; the next rebuild then compiles it.",
    )
    row = RowKey(table, ())
    told = problem.at(row, "job_name" if table == JOB else "schedule_name")
    return Dag(enabled=True, text=None, diagnostics=(told,))


def failed(bug: Exception, row: RowKey) -> Dag:
    """The DAG of a row at which the compiler itself failed."""
    return Dag(enabled=True, text=None, diagnostics=(_told(bug, row),), bug=bug)


def _told(bug: Exception, row: RowKey) -> Diagnostic:
    problem = Problem(
        Code.COMPILER_BUG,
        f"the compiler failed: {type(bug).__name__}: {bug}"[:500],
        "Not the row's fault: please report it, with this row. The function's log has more.",
    )
    return problem.at(row, "")
