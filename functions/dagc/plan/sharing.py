"""Which jobs several schedulers start: what the record of each scheduler says of it. Pure.

A run of a job has the plain date of the one scheduler that starts it; where several do, each moves
the date. So a scheduler's file depends on other schedulers. That one starts a job, its record
says by the input `job/<job_id>`; that it takes the job to be shared, by `shared_jobs`. Whether it
is in error does not matter (the compiler's `shared_jobs` says why).
"""

from collections.abc import Iterable, Mapping

from dagc.compiler import SCHEDULER, claiming_table, is_named
from dagc.plan.inputs import is_job_input
from dagc.plan.record import Record, was_cut_off

_MAX_LEAVING_SIZE = 20_000
"""Bytes. A scheduler that gives up more does so by and by."""


def started_jobs(record: Record) -> frozenset[str]:
    """The inputs of the jobs that the scheduler of `record` starts; none, if it is no DAG."""
    if not is_named(record.dag_id):
        return frozenset()
    return frozenset(filter(is_job_input, record.inputs))


def starters(records: Iterable[Record], job: str) -> list[Record]:
    """Those of the `records` whose scheduler starts the job of this input."""
    return [record for record in records if job in started_jobs(record)]


def doubtful_jobs(record: Record, jobs: Iterable[str], *, asked: bool) -> frozenset[str]:
    """Of the `jobs` that a scheduler starts now, those of which its `record` does not tell whether
    others start them, too: new ones; all, if it was `asked` to look again, or if a compile was cut
    off since. Of the others, whoever changes that lets the scheduler be compiled.
    """
    if asked or was_cut_off(record):
        return frozenset(jobs)
    return frozenset(jobs) - started_jobs(record)


def changed_jobs(before: Record, after: Record) -> frozenset[str]:
    """The inputs of the jobs of which a step of a scheduler's record may concern others: that it
    starts, no longer starts, or takes to be shared and did not before. After a compile that was cut
    off, all that it starts, and what that one gave up (`leaving`).
    """
    if claiming_table(after.dag_id) != SCHEDULER:
        return frozenset()
    started = started_jobs(before), started_jobs(after)
    if was_cut_off(before):
        return started[0] | started[1] | before.leaving
    return (started[0] ^ started[1]) | (before.shared_jobs ^ after.shared_jobs) | before.leaving


def leaving(before: Record, after: Record) -> frozenset[str]:
    """The inputs of the jobs that a scheduler has given up, as many as a record has room for: first
    those that it gave up in a compile that was cut off.
    """
    room = _MAX_LEAVING_SIZE
    kept = []
    given_up = (before.leaving | started_jobs(before)) - started_jobs(after)
    for job in sorted(given_up, key=lambda job: (job not in before.leaving, job)):
        room -= len(job.encode())
        if room < 0:
            break
        kept.append(job)
    return frozenset(kept)


def before_the_rest(before: Record, after: Record, told: frozenset[str]) -> Record | None:
    """The record of a scheduler that has given up more jobs than the `told` ones, for which its
    record has room: it starts all as `before`, but for these. None, if there are no more.
    """
    rest = started_jobs(before) - started_jobs(after) - told
    if not rest:
        return None
    kept = before.inputs.keys() - told
    inputs = {name: after.inputs.get(name, before.inputs[name]) for name in sorted(kept)}
    shared = after.shared_jobs | (before.shared_jobs & rest)
    return after._replace(inputs=inputs, shared_jobs=shared & inputs.keys(), fingerprint="")


def mistaken(records: Mapping[str, Iterable[Record]]) -> frozenset[str]:
    """The DAG ids of the schedulers whose record says something else of a job than all records
    together. `records` are those of all that may start it, by the job's input.
    """
    wrong: set[str] = set()
    for job, possible in records.items():
        found = starters(possible, job)
        is_shared = len(found) > 1
        wrong |= {record.dag_id for record in found if (job in record.shared_jobs) != is_shared}
    return frozenset(wrong)
