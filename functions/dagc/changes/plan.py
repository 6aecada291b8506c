"""A plan: rows to be written, and all that follows from them."""

from collections.abc import Mapping
from typing import NamedTuple

from dagc.changes.dag_change import DagChange
from dagc.changes.row_change import RowChange
from dagc.compiler import Diagnostic, RowKey


class Drift(NamedTuple):
    """A DAG whose file is not as its record says, before anything is written, and why: words."""

    dag_id: str
    what: str


class Plan(NamedTuple):
    """`rows` are those that differ; `kept` are live rows that the proposal lacks, and that stay.

    `dags` are all DAGs that an edited row concerns. `diagnostics` are what is wrong in them once
    the rows are written, errors first, each with the DAG ids that it affects.

    Apart from the change: `drift`; `waiting`, the DAG ids of those that are not made of their rows
    as these are now (edits on their way, or a rebuild that is due); and `toolchain`, in which the
    compiler here differs from the deployed one (a sentence for each).
    """

    rows: tuple[RowChange, ...]
    kept: tuple[RowKey, ...]
    dags: tuple[DagChange, ...]
    diagnostics: Mapping[Diagnostic, tuple[str, ...]]
    drift: tuple[Drift, ...] = ()
    waiting: tuple[str, ...] = ()
    toolchain: tuple[str, ...] = ()
