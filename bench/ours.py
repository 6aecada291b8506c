"""This project: rows to the text, through `read_rows` and `compile_rows`."""

from collections.abc import Iterator, Sequence

from bench.workload import Item
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import compile_rows, read_rows
from dagc.compiler.rows.defaults import read_defaults
from dagc.compiler.targets import Target
from dagc.compiler.toolchain import Toolchain

TARGET = Target(3, 0)

_DEFAULTS = {
    "default": {
        "job_params": {
            "owner": "data-platform",
            "retries": 2,
            "retry_delay": "2m",
            "task_params": {
                "REDSHIFT-SQL": {"database": "retail", "workgroup_name": "retail-dev"},
                "S3-SENSOR": {"bucket_name": "retail-landing"},
            },
        }
    }
}
"""The benchmark's own: a team's defaults.yaml must not change what is printed."""


def toolchain(target: Target = TARGET) -> Toolchain:
    """The project's templates, with the benchmark's defaults."""
    loaded, diagnostics = load_toolchain(target, "")
    assert loaded is not None, diagnostics
    defaults, problems = read_defaults(_DEFAULTS, "", loaded.types)
    assert not problems, problems
    return loaded._replace(defaults=defaults)


def compile_jobs(tasks: Sequence[Item], jobs: Sequence[Item], loaded: Toolchain) -> Iterator[str]:
    """The text of each job's DAG."""
    for artifact in compile_rows(read_rows(tasks, jobs, [], loaded), loaded):
        assert artifact.text is not None, artifact.diagnostics
        yield artifact.text
