"""The rows of `examples/`, plain."""

from functools import cache
from pathlib import Path

from dagc.row_files.reading.read_tables import Tables, read_tables
from tests.properties.compiling import compile_items, toolchain

TABLES = ("mwaa_task", "mwaa_job", "mwaa_scheduler")
FOLDER = Path(__file__).parents[2] / "examples"
Files = dict[str, str | None]


@cache
def example_tables() -> Tables:
    """The items of the three tables."""
    tables, diagnostics, _ = read_tables(FOLDER / "rows")
    assert not diagnostics
    return tables


def files_of(tables: Tables) -> Files:
    """The text of each DAG, by its id."""
    tasks, jobs, schedulers = (tables[table] for table in TABLES)
    artifacts = compile_items(tasks, jobs, schedulers, toolchain(None, "dev", FOLDER))
    return {artifact.dag_id: artifact.text for artifact in artifacts}
