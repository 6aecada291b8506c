"""What is asked about one DAG id, and what is known of its dependencies."""

from datetime import datetime
from typing import NamedTuple

from dagc.compiler import RowKey


class Dependency(NamedTuple):
    """The DAG `dag_id` reads `input`: put by the compile of that DAG with that revision."""

    input: str
    dag_id: str
    revision: int


class JobRows(NamedTuple):
    """The rows that may have the job id of `input`; `revision` counts the additions."""

    input: str
    rows: frozenset[RowKey]
    revision: int


class Request(NamedTuple):
    """A DAG id to compile. `sources` are rows that may claim it, `edited_at` is when one changed.

    `cut` is whether there are more such rows than a record holds; `complete` whether, on the
    contrary, `sources` are all that there are, as only a rebuild knows.

    A rebuild also says which edges are `absent`, whatever the record says, and which are `stray`:
    there, though no record may know of them.
    """

    dag_id: str
    sources: frozenset[str] = frozenset()
    edited_at: datetime | None = None
    cut: bool = False
    complete: bool = False
    absent: frozenset[str] = frozenset()
    stray: tuple[Dependency, ...] = ()
