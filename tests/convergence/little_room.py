"""A compiler whose records hold next to nothing: so that few rows meet the bounds."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dagc.apply import job_rows
from dagc.aws import dependency_table
from dagc.plan import record, sharing


@contextmanager
def little_room(*, listed: int = 1) -> Iterator[None]:
    """Records and items list so many rows, of one name or of one job id; and one job that a
    scheduler has given up.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dependency_table, "MAX_JOB_ROWS", listed)
        patch.setattr(job_rows, "MAX_JOB_ROWS", listed)
        patch.setattr(record, "_MAX_KEYS_SIZE", listed * 35)
        patch.setattr(sharing, "_MAX_LEAVING_SIZE", len("job/1"))
        yield
