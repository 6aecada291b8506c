"""Where there is more than a record holds, the edits alone bring everything to what the rows say.

No rebuild is in these tests but as a judge at the end: it has nothing to do.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dagc.apply import protocol
from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from dagc.compiler.rows import members
from dagc.plan import record
from tests.convergence.crashes import Change, crash_everywhere
from tests.convergence.deployed import (
    Follower,
    compiled,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.convergence.little_room import little_room
from tests.emulator.aws import Answer, Aws
from tests.emulator.invocation import Crash

HELD, MANY = 3, 9


@pytest.fixture(autouse=True)
def _little_room() -> Iterator[None]:
    with little_room(listed=HELD):
        yield


def of_type(job_type: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A job with the id 1, and a job type and a name of its own."""
    return job("1", name or f"of_{job_type}", **more) | {"job_type": job_type}


def come_and_go(deployed: Follower, job_types: list[str]) -> None:
    """Rows of the job id 1, one after the other."""
    for job_type in job_types:
        deployed.aws.put("mwaa_job", of_type(job_type))
        deployed.follow()
        deployed.aws.delete("mwaa_job", of_type(job_type))
        deployed.follow()


def check(deployed: Follower) -> None:
    """All is as a compile of all rows at once says, and a rebuild finds it so."""
    expected = compiled(deployed.aws, deployed.deployment.toolchain)
    texts = files(deployed.aws)
    found = records(deployed.aws)
    assert texts.keys() <= {dag_id for dag_id, dag in expected.items() if dag.enabled}
    for dag_id, dag in expected.items():
        assert dag.text is None or texts[dag_id] == dag.text
        told = [diagnostic["message"] for diagnostic in found[dag_id].get("diagnostics", ())]
        assert told == [diagnostic.message for diagnostic in dag.diagnostics], dag_id
    assert not rebuild(deployed.deployment).outcomes
    deployed.aws.calls.clear()
    assert not rebuild(deployed.deployment).outcomes
    assert deployed.aws.calls.keys() == {
        "dynamodb.BatchGetItem",
        "dynamodb.Scan",
        "s3.ListObjectsV2",
    }


@pytest.fixture
def scheduled(deployed: Follower) -> Follower:
    """A scheduler of the job id 1, which no row has yet."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.follow()
    return deployed


def test_a_job_id_that_came_and_went_under_many_types(scheduled: Follower) -> None:
    come_and_go(scheduled, [f"t{number:02}" for number in range(HELD)])
    scheduled.aws.put("mwaa_job", of_type("last"))
    scheduled.follow()
    assert states(scheduled.aws)["schedule-daily"] == "published"
    check(scheduled)


def test_a_second_job_of_an_id_that_came_and_went(scheduled: Follower) -> None:
    scheduled.aws.put("mwaa_job", of_type("first"))
    scheduled.follow()
    come_and_go(scheduled, [f"t{number:02}" for number in range(HELD - 1)])
    scheduled.aws.put("mwaa_job", of_type("second"))
    scheduled.follow()
    [diagnostic] = records(scheduled.aws)["schedule-daily"]["diagnostics"]
    assert diagnostic["code"] == "ambiguous-job"
    scheduled.aws.delete("mwaa_job", of_type("first"))
    scheduled.follow()
    assert states(scheduled.aws)["schedule-daily"] == "published"
    check(scheduled)


def test_more_jobs_of_an_id_than_are_listed(scheduled: Follower) -> None:
    types = [f"t{number}" for number in range(2 * HELD)]
    for job_type in types:
        scheduled.aws.put("mwaa_job", of_type(job_type))
        scheduled.follow()
    check(scheduled)
    scheduled.aws.put("mwaa_scheduler", scheduler("1", "hourly"))
    scheduled.follow()
    check(scheduled)
    for job_type in types[:-1]:
        scheduled.aws.delete("mwaa_job", of_type(job_type))
        scheduled.follow()
    assert states(scheduled.aws)["schedule-hourly"] == "published"
    scheduled.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    scheduled.follow()
    assert "dynamodb.Scan" not in scheduled.aws.calls
    check(scheduled)


@pytest.fixture
def claimed(deployed: Follower) -> Follower:
    """A job `x`, and its name that of many others then."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("last", "x"))
    deployed.follow()
    for number in range(MANY):
        deployed.aws.put("mwaa_job", job(f"{number:02}", "x"))
    deployed.follow()
    assert states(deployed.aws)["job-x"] == "invalid"
    return deployed


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
def test_all_but_one_give_a_name_back(claimed: Follower, *, at_once: bool) -> None:
    before = files(claimed.aws)
    for number in range(MANY):
        claimed.aws.put("mwaa_job", job(f"{number:02}", f"of_its_own_{number}"))
        if not at_once:
            claimed.follow()
    claimed.follow()
    assert states(claimed.aws)["job-x"] == "published"
    assert files(claimed.aws)["job-x"] == before["job-x"]
    check(claimed)


def test_the_table_is_not_read_for_each_of_them(claimed: Follower) -> None:
    """As long as two are known to have the name, the others need not be."""
    scans = 0
    for number in range(MANY):
        claimed.aws.delete("mwaa_job", job(f"{number:02}", "x"))
        claimed.follow()
        scans += "dynamodb.Scan" in claimed.aws.calls
    assert scans < MANY
    assert states(claimed.aws)["job-x"] == "published"
    claimed.aws.put("mwaa_job", job("last", "x", comment="again"))
    claimed.follow()
    assert "dynamodb.Scan" not in claimed.aws.calls


def test_all_give_a_name_back(claimed: Follower) -> None:
    for job_id in [*(f"{number:02}" for number in range(MANY)), "last"]:
        claimed.aws.delete("mwaa_job", job(job_id, "x"))
    claimed.follow()
    assert states(claimed.aws)["job-x"] == "removed"
    assert not files(claimed.aws)
    check(claimed)


def test_all_but_one_are_disabled(claimed: Follower) -> None:
    """Which stay, and have the name."""
    for number in range(MANY):
        claimed.aws.put("mwaa_job", job(f"{number:02}", "x", status=0))
        claimed.follow()
    assert states(claimed.aws)["job-x"] == "published"
    check(claimed)
    claimed.aws.put("mwaa_job", job("last", "x", status=0))
    claimed.follow()
    assert states(claimed.aws)["job-x"] == "disabled"
    check(claimed)


def test_a_rebuild_knows_all_of_them(claimed: Follower) -> None:
    """Of a name in error, an edit alone tells of those that are listed."""
    rebuild(claimed.deployment)
    told = records(claimed.aws)["job-x"]["diagnostics"]
    assert len(told) == MANY + 1
    check(claimed)


def test_a_rebuild_that_has_read_before(deployed: Follower) -> None:
    """What it read then, it does not take for all that there is."""
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("last", "x"))
    names = [f"{number:02}" for number in range(MANY)]

    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.UpdateItem":
            aws.around.clear()
            for name in names:
                aws.put("mwaa_job", job(name, "x"))
            deployed.follow()
        return execute()

    aws.around.append(around)
    rebuild(deployed.deployment)
    assert states(aws)["job-x"] == "invalid"
    for name in ["last", *names[:-1]]:
        aws.delete("mwaa_job", job(name, "x"))
    deployed.follow()
    assert states(aws)["job-x"] == "published"
    check(deployed)


TASK = ("mwaa_task", task("1"))
X = [("mwaa_job", job(job_id, "x")) for job_id in "123456"]
OF_ONE_ID = [("mwaa_job", of_type(job_type)) for job_type in "abcdef"]
DAILY = ("mwaa_scheduler", scheduler("1", "daily"))
CHANGES = {
    "more come to have a name than are listed": Change([TASK, *X[:HELD]], X[HELD]),
    "all but one have lost a name": Change(
        [TASK, *X, *((table, row | {"job_name": "y"}) for table, row in X[2:])],
        ("mwaa_job", job("2", "z")),
    ),
    "the last one loses a name": Change(
        [TASK, *X, *((table, row | {"job_name": "y"}) for table, row in X[1:])],
        ("mwaa_job", job("1", "z")),
    ),
    "more come to have an id than are listed": Change(
        [TASK, DAILY, *OF_ONE_ID[:HELD]], OF_ONE_ID[HELD]
    ),
    "an id is read on for": Change([TASK, *OF_ONE_ID], DAILY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_dies_leaves_nothing_untrue(change: str, aws: Aws) -> None:
    crash_everywhere(aws, CHANGES[change])


def test_rows_of_an_id_go_while_it_is_read_on_for(scheduled: Follower) -> None:
    """Who comes meanwhile is not taken for gone."""
    for _, row in OF_ONE_ID:
        scheduled.aws.put("mwaa_job", row)
    scheduled.follow()
    for _, row in OF_ONE_ID:
        scheduled.aws.delete("mwaa_job", row)
    gone = scheduled.records()
    newer: list[Any] = []

    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        answer = execute()
        if operation == "dynamodb.Scan" and not newer:
            scheduled.aws.put("mwaa_job", of_type("new"))
            newer.extend(scheduled.records())
            follow_records(newer, scheduled.deployment)
        return answer

    scheduled.aws.around.append(around)
    follow_records(gone, scheduled.deployment)
    scheduled.aws.around.clear()
    assert newer
    assert states(scheduled.aws)["schedule-daily"] == "published"
    check(scheduled)


def test_more_rows_come_while_compiles_die_than_one_item_takes(
    deployed: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins with forty kilobytes of keys of its own, and ends there."""
    aws, died = deployed.aws, list[dict[str, Any]]()
    aws.put("mwaa_task", task("1"))
    monkeypatch.setattr(record, "_MAX_KEYS_SIZE", 40_000)
    with monkeypatch.context() as patch:
        patch.setattr(protocol, "read_claims", _dies)
        for number in range(11 * 40):
            aws.put("mwaa_job", job(f"{number:0>970}", "x"))
            if number % 40 == 39:
                died += deployed.records()
                with pytest.raises(Crash):
                    follow_records(died[-40:], deployed.deployment)
    assert not follow_records(died[-40:], deployed.deployment).failures
    assert not follow_records(died, deployed.deployment).failures
    assert states(aws)["job-x"] == "invalid"
    for number in range(1, 11 * 40):
        aws.delete("mwaa_job", job(f"{number:0>970}", "x"))
    assert not deployed.follow().failures
    assert states(aws)["job-x"] == "published"
    check(deployed)


def _dies(*_: Any) -> None:
    raise Crash("at its second step")


def test_a_scheduler_gives_up_more_jobs_than_its_record_can_tell(aws: Aws) -> None:
    """The others that start them are compiled, whenever who gave them up dies."""
    jobs = [("mwaa_job", job(job_id, f"j{job_id}")) for job_id in "1234"]
    starts = {"1": "1,2,3", "2": "1", "3": "2"}
    three = [("mwaa_scheduler", scheduler(id_, f"s{id_}", ids)) for id_, ids in starts.items()]
    left = ("mwaa_scheduler", scheduler("1", "s1", "3,4"))
    crash_everywhere(aws, Change([TASK, *jobs, *three], left))


def test_nobody_looks_again_where_jobs_are_given_up_by_and_by(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    for job_id in "1234":
        deployed.aws.put("mwaa_job", job(job_id, f"j{job_id}"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "s1", "1,2,3"))
    deployed.follow()
    deployed.aws.put("mwaa_scheduler", scheduler("1", "s1", "4"))
    begun = records(deployed.aws)["schedule-s1"]["revision"]
    assert not deployed.follow().failures
    after = records(deployed.aws)["schedule-s1"]
    assert after["settled"] == after["revision"] > begun + 1
    assert not deployed.deployment.dependencies.looks()


@pytest.mark.parametrize("tasks", ["", "1", "1,2"])
def test_two_of_one_name_whatever_they_name(deployed: Follower, tasks: str) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    for job_id in "12":
        deployed.aws.put("mwaa_job", job(job_id, "x", tasks))
    deployed.follow()
    check(deployed)


def test_two_of_one_name_name_more_than_a_record_lists(
    deployed: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they name nobody looks at, also who asks which schedulers share a job."""
    monkeypatch.setattr(members, "MAX_MEMBERS", 2)
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    for job_id in "1234":
        aws.put("mwaa_job", job(job_id, f"j{job_id}"))
    for schedule_id, job_ids in {"1": "1,2", "2": "3,4"}.items():
        aws.put("mwaa_scheduler", scheduler(schedule_id, "daily", job_ids))
    aws.put("mwaa_scheduler", scheduler("3", "other", "1"))
    deployed.follow()
    check(deployed)
    aws.put("mwaa_scheduler", scheduler("2", "of_its_own", "3,4"))
    deployed.follow()
    assert set(states(aws).values()) == {"published"}
    check(deployed)
