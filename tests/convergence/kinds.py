"""What histories differ in: each kind makes something frequent that others hardly have."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import product
from random import Random
from typing import Any

from dagc.aws.bucket import DIGEST
from dagc.aws.dependency_table import MAX_JOB_ROWS
from tests.convergence.deployed import PREFIX
from tests.convergence.world import Row, narrowed, sharing
from tests.emulator.aws import BUCKET, Aws
from tests.emulator.faults import Call, Fault, Plan, possible
from tests.emulator.interleaving import Interleaving

LATE = (Fault.LATE, Fault.LATE_AGAIN, Fault.CRASH_LATE)


class Kind(StrEnum):
    """A history may be of several."""

    LATE = "late calls"
    EXPIRING = "rows that expire"
    CROWDED = "many types and claimants"
    PILED = "versions and delete markers that pile up"
    DEPLOYED = "an old function and a new one"
    CUT_OFF = "rebuilds that are cut off"


def drawn(random: Random) -> frozenset[Kind]:
    """Half of the histories are of no kind; the others of one, or of several."""
    return frozenset(kind for kind in Kind if random.random() < 0.12)


def world(kinds: frozenset[Kind], random: Random) -> Callable[[str, Row], Row] | None:
    """What is made of the rows that are drawn; None for nothing."""
    if Kind.CROWDED in kinds:
        return lambda table, row: _crowded(table, row, random)
    return random.choice([None, narrowed, narrowed, sharing])


def late(interleaving: Interleaving, one_in: int, at_most: int) -> Plan:
    """One in so many writes is given up and comes late, until there have been `at_most`."""
    left = at_most

    def plan(call: Call) -> Fault | None:
        nonlocal left
        can_be = set(LATE) & set(possible(call))
        if not left or not can_be or interleaving.draw(one_in):
            return None
        left -= 1
        return interleaving.pick(LATE)

    return plan


def pile_up(aws: Aws) -> None:
    """Old versions and delete markers where files will be, as edits and removals leave them."""
    dag_ids = [f"job-{name}" for name in "xy"] + [f"schedule-{name}" for name in "xyz"]
    with aws.unobserved():
        for dag_id, version in product(dag_ids, range(4)):
            key = f"{PREFIX}{dag_id}.py"
            mark = {DIGEST: str(version)}
            aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b"# old", Metadata=mark)
            aws.s3.delete_object(Bucket=BUCKET, Key=key)


def expired(record: dict[str, Any]) -> None:
    """Makes a stream's record of a deletion that of a row whose time to live was over."""
    record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


_TYPES = [f"type_{number}" for number in range(MAX_JOB_ROWS + 4)]
"""More than are noted of one job id."""


def crowd(random: Random) -> Iterator[tuple[Row, bool]]:
    """Jobs of one id, of more types than are noted of it; and whether each is gone again."""
    living = random.randrange(4)
    for number, job_type in enumerate(random.sample(_TYPES, len(_TYPES))):
        row = {"job_type": job_type, "job_id": "1", "job_name": "x", "task_list": ["1"]}
        yield row, number >= living


def _crowded(table: str, row: Row, random: Random) -> Row:
    """Jobs of many types that have few ids and one name; schedulers that all name them."""
    if table == "mwaa_job":
        return row | {"job_type": random.choice(_TYPES), "job_name": random.choice("xxxy")}
    if table == "mwaa_scheduler":
        return row | {"schedule_id": str(random.randrange(12))}
    return row
