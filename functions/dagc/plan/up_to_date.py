"""Says whether a DAG is up to date, as a build system does: made of what there is now. Pure."""

from dagc.plan.record import Record, State


def is_up_to_date(record: Record, made_of: str, etag: str, settled: int) -> bool:
    """Whether `record` is still true, and was told: the DAG is `made_of` the same (a
    `dag_fingerprint`), its object is the same ("" for none), no event is owed, and revision
    `settled` was the last that ended, so that no compile was left unfinished.
    """
    return (
        record.settled == settled
        and record.fingerprint == made_of
        and record.etag == etag
        and not record.unannounced
        and record.state not in ("", State.BLOCKED)
        # A foreign object was in the place of a disabled DAG's file: is it there still?
        and not (record.state == State.DISABLED and record.diagnostics)
    )
