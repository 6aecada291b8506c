"""What is loaded in each Airflow: the examples and every golden case, compiled for its target."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dagc.cli.row_source import Items, items_from_files
from dagc.compiler.analysis.job_analysis import analyse_job
from dagc.compiler.analysis.models import JobModel, SchedulerModel
from dagc.compiler.analysis.other_dags import OtherDags
from dagc.compiler.analysis.scheduler_analysis import analyse_scheduler
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.snapshot import Snapshot, shared_jobs
from dagc.compiler.targets import Target
from dagc.compiler.toolchain import Toolchain
from tests.golden.case import all_cases, read_case

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled DAG: the name of its file among all, its text, and the model that it shows."""

    file: str
    dag: Dag
    model: JobModel | SchedulerModel


def compile_everything(target: Target, *, sharing: bool = True) -> Iterator[Compiled]:
    """The DAGs of the examples, in each environment, and of the golden cases, for `target`.

    Without `sharing`, each task keeps its arguments, whatever it shares with the others.
    """
    for environment in ("dev", "uat", "prod"):
        toolchain, diagnostics = load_toolchain(target, environment, ROOT / "examples")
        assert toolchain is not None, diagnostics
        items, _, _ = items_from_files(ROOT / "examples" / "rows")
        yield from _compile(f"examples-{environment}", items, _sharing(toolchain, sharing))
    for folder in all_cases():
        case = read_case(folder)
        loaded, _ = load_toolchain(target, case.environment, case.team)
        if loaded is not None:  # else the case is about templates or defaults that are wrong
            yield from _compile(
                folder.name, Items(*case.tables.values()), _sharing(loaded, sharing)
            )


def _sharing(toolchain: Toolchain, sharing: bool) -> Toolchain:  # noqa: FBT001
    if sharing:
        return toolchain
    types = {name: each._replace(default_args=None) for name, each in toolchain.types.items()}
    return toolchain._replace(types=types)


def _compile(source: str, items: Items, toolchain: Toolchain) -> Iterator[Compiled]:
    rows = read_rows(items.tasks, items.jobs, items.schedulers, toolchain)
    for dag in compile_rows(rows, toolchain):
        if dag.text is not None:
            model = _model(dag, rows, toolchain)
            yield Compiled(f"{source}--{dag.dag_id}.py", dag, model)


def _model(dag: Dag, rows: Snapshot, toolchain: Toolchain) -> JobModel | SchedulerModel:
    [row] = (row for row in dag.rows if row.enabled)
    defaults, target, names = toolchain.defaults, toolchain.target, toolchain.names
    model: JobModel | SchedulerModel | None
    if isinstance(row, JobRow):
        model, _ = analyse_job(row, rows.tasks_of(row), defaults, target, names=names)
    else:
        others = OtherDags({}, shared_jobs(rows.claims()))
        jobs = rows.jobs_of(row)
        model, _ = analyse_scheduler(row, jobs, defaults, target, others, names=names)
    assert model is not None
    return model
