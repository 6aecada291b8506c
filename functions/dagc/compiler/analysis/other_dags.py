"""What a DAG depends on beside its own row and the rows that this one names: other DAGs."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from dagc.compiler.analysis.unpublished_jobs import JobFile


class OtherDags(NamedTuple):
    """`unpublished` are the DAGs of jobs, by DAG id, that are not published as their rows are now.
    `shared` are the ids of the jobs that more than one scheduler starts. `sent` are the params that
    schedulers send to jobs, by job id (`sent_params`), where that is known: no file depends on it.
    """

    unpublished: Mapping[str, JobFile]
    shared: Collection[str]
    sent: Mapping[str, Collection[str]] = MappingProxyType({})


NO_OTHERS = OtherDags({}, frozenset())
"""All jobs are published, and nobody else starts one."""
