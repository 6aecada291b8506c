"""The files of a DAG folder, compiled as the functions would publish them."""

from bench import workload
from bench.ours import toolchain
from dagc.compiler.compilation import compile_rows, read_rows
from dagc.compiler.targets import Target


def compiled(files: int, airflow: str) -> dict[str, str]:
    """The texts of so many DAGs by their ids, for a version of Airflow."""
    rows = workload.warehouse(files)
    major, _, minor = airflow.partition(".")
    loaded = toolchain(Target(int(major), int(minor)))
    texts = {}
    read = read_rows(rows.tasks, rows.jobs, rows.schedulers, loaded)
    for dag in compile_rows(read, loaded):
        assert dag.text is not None, dag.diagnostics
        texts[dag.dag_id] = dag.text
    assert len(texts) == files, len(texts)
    return texts
