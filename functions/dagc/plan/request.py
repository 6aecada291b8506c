"""Says what `apply` and `plan` hand to each other: requests to compile a DAG, and dependencies."""

from datetime import datetime
from typing import NamedTuple

from dagc.compiler import RowKey


class Dependency(NamedTuple):
    """The DAG `dag_id` reads `input`. The compile with `revision` stored it."""

    input: str
    dag_id: str
    revision: int


class JobRows(NamedTuple):
    """The rows that may have the job id of `input`; `revision` counts the changes of what is noted.
    `is_cut` is whether more rows may have it than are noted.
    """

    input: str
    rows: frozenset[RowKey]
    revision: int
    is_cut: bool = False


class DeployedToolchain(NamedTuple):
    """With which toolchain the functions compile, as the last rebuild stored it."""

    fingerprint: str


class Request(NamedTuple):
    """A DAG id to compile. `sources` are the keys of rows that may claim it, as `key_text` writes
    them; `edited_at` is when the first of them changed.

    `sharing_changed` is whether other schedulers have come to start the same jobs, or ceased to.

    `exhaustive` is whether all rows that claim the DAG id are to be looked for, where its record
    does not list them all; otherwise they are where the listed ones do not decide.

    A rebuild also says which inputs that the record lists have no dependency (`absent`), and which
    dependencies are stored that it does not list, or not so (`stray`). A second look is `unsure` of
    all of them.

    `looks` is whether to look at the file, also where the record says what is there.

    `attempts` are the revisions of compiles that this request began before, and had to begin again,
    of which no call is unanswered.
    """

    dag_id: str
    sources: frozenset[str] = frozenset()
    edited_at: datetime | None = None
    sharing_changed: bool = False
    exhaustive: bool = False
    absent: frozenset[str] = frozenset()
    stray: tuple[Dependency, ...] = ()
    unsure: bool = False
    looks: bool = False
    attempts: frozenset[int] = frozenset()


class Again(NamedTuple):
    """A request that has to be done again from the beginning, after those of `first`."""

    request: Request
    first: tuple[Request, ...] = ()
