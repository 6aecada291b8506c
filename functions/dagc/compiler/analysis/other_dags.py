"""What a scheduler's DAG depends on beside its own row and its jobs' rows: other DAGs."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from dagc.compiler.analysis.unpublished_jobs import JobFile


class OtherDags(NamedTuple):
    """`unpublished` are the DAGs of jobs, by DAG id, that are not published as their rows are now.
    `shared` are the ids of the jobs that more than one scheduler starts.
    """

    unpublished: Mapping[str, JobFile]
    shared: Collection[str]


NO_OTHERS = OtherDags({}, frozenset())
"""All jobs are published, and nobody else starts one."""
