"""An edit of more DAGs than there is time for: each delivery comes farther, and there is an end."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.apply.edits import Followed, follow_records
from tests.convergence.deployed import Follower, failing, files, job, records, scheduler, task
from tests.convergence.functions import Functions
from tests.emulator.aws import Answer, Aws
from tests.emulator.interleaving import Interleaving
from tests.emulator.lambda_service import LambdaService

CHUNK = 4
JOBS = 30
EVERY = [f"job-j{number:02}" for number in range(JOBS)]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagc.apply.compile_dags.CHUNK", CHUNK)
    monkeypatch.setattr("dagc.plan.fan_out.MAX_AGAIN", CHUNK - 1)


@pytest.fixture
def shared(deployed: Follower) -> Follower:
    """Many jobs share the task 1."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_task", task("2"))
    for number in range(JOBS):
        deployed.aws.put("mwaa_job", job(str(number), f"j{number:02}"))
    deployed.follow()
    return deployed


def _time_for(count: int) -> Callable[[], bool]:
    """Time for so many chunks."""
    left = iter([True] * count)
    return lambda: next(left, False)


def _deliver(shared: Follower, batch: list[Any], count: int) -> tuple[Followed, list[Any]]:
    """Delivers `batch` with time for so many chunks; and what Lambda then delivers again."""
    followed = follow_records(batch, shared.deployment, _time_for(count))
    numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
    again = followed.resume_at
    return followed, batch[numbers.index(again) :] if again else []


def _compiled(followed: Followed) -> list[str]:
    return [outcome.after.dag_id for outcome in followed.outcomes]


def _has(aws: Aws, command: str) -> set[str]:
    """The DAGs whose file has this command."""
    return {dag_id for dag_id, text in files(aws).items() if f'"{command}"' in text}


def test_each_delivery_goes_on_behind_the_one_before(shared: Follower) -> None:
    shared.aws.put("mwaa_task", task("1", "false"))
    batch, seen = shared.records(), []
    while batch:
        followed, batch = _deliver(shared, batch, 2)
        seen.append(_compiled(followed))
    assert [len(dag_ids) for dag_ids in seen] == [8, 8, 8, 6]
    assert sorted(chain.from_iterable(seen)) == EVERY
    assert _has(shared.aws, "false") == set(EVERY)


def test_enough_time_costs_nothing(shared: Follower) -> None:
    shared.aws.put("mwaa_task", task("1", "false"))
    shared.follow()
    assert "dynamodb.BatchWriteItem" not in shared.aws.calls
    assert shared.aws.calls["dynamodb.UpdateItem"] == JOBS
    assert shared.aws.calls["dynamodb.Query"] == 1


def test_another_edit_begins_anew(shared: Follower) -> None:
    shared.aws.put("mwaa_task", task("1", "false"))
    _, batch = _deliver(shared, shared.records(), 3)
    shared.aws.put("mwaa_task", task("1", "date"))
    newer = shared.records()
    followed, rest = _deliver(shared, batch + newer, 2)
    assert _compiled(followed) == EVERY[:8]
    while rest:
        _, rest = _deliver(shared, rest, 2)
    assert _has(shared.aws, "date") == set(EVERY)


def test_what_comes_to_read_it_meanwhile(shared: Follower) -> None:
    shared.aws.put("mwaa_task", task("1", "false"))
    _, batch = _deliver(shared, shared.records(), 2)
    shared.aws.put("mwaa_job", job("new", "a_first", "1"))
    shared.aws.put("mwaa_job", job("29", "j29", "2"))
    shared.follow()
    while batch:
        _, batch = _deliver(shared, batch, 2)
    assert _has(shared.aws, "false") == {*EVERY[:-1], "job-a_first"}


@pytest.mark.parametrize("unlucky", [1, 20], ids=["one", "more than are noted"])
def test_what_fails_each_time_does_not_stop_the_others(shared: Follower, unlucky: int) -> None:
    """As long as it is less than a chunk: what fails is the first to be tried again."""
    names = EVERY[2:3] if unlucky == 1 else EVERY[:unlucky]
    shared.aws.put("mwaa_task", task("1", "false"))
    batch = shared.records()

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        for name in names:
            failing("s3.PutObject", name)(operation, parameters, dict)
        return execute()

    shared.aws.around.append(around)
    for _ in range(12):
        followed, batch = _deliver(shared, batch, 2)
        assert batch
    if unlucky == 1:
        assert {failure.what for failure in followed.failures} == {"job-j02"}
        assert _has(shared.aws, "false") == {*EVERY} - {"job-j02"}
    shared.aws.around.clear()
    while batch:
        _, batch = _deliver(shared, batch, 2)
    assert _has(shared.aws, "false") == {*EVERY}


def test_many_edits(shared: Follower) -> None:
    """No edit concerns too many, but all together do: the first ones are finished first."""
    for number in range(JOBS):
        shared.aws.put("mwaa_task", task(f"own{number}"))
        shared.aws.put("mwaa_job", job(str(number), f"j{number:02}", f"own{number}"))
    shared.follow()
    for number in reversed(range(JOBS)):
        shared.aws.put("mwaa_task", task(f"own{number}", "false"))
    batch, lengths = shared.records(), []
    while batch:
        lengths.append(len(batch))
        _, batch = _deliver(shared, batch, 1)
    assert lengths == [30, 26, 22, 18, 14, 10, 6, 2]
    assert _has(shared.aws, "false") == set(EVERY)


def test_edits_behind_one_that_fails(shared: Follower) -> None:
    """All are delivered again for it; those that were followed are not followed anew."""
    shared.aws.put("mwaa_task", task("0"))
    shared.aws.put("mwaa_job", job("unlucky", "unlucky", "0"))
    shared.follow()
    shared.aws.put("mwaa_task", task("0", "date"))
    shared.aws.put("mwaa_task", task("1", "false"))
    batch = shared.records()
    shared.aws.around.append(failing("s3.PutObject", "unlucky"))
    for _ in range(5):
        followed, rest = _deliver(shared, batch, 2)
        assert rest == batch
    assert followed.unreached == 0
    assert _has(shared.aws, "false") == set(EVERY)


def test_schedulers_of_a_job(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    ids = [f"s{number:02}" for number in range(JOBS)]
    for id_ in ids:
        deployed.aws.put("mwaa_scheduler", scheduler(id_, id_))
    deployed.follow()
    deployed.aws.put("mwaa_job", job("1", "renamed"))
    batch, deliveries = deployed.records(), 0
    while batch:
        _, batch = _deliver(deployed, batch, 2)
        deliveries += 1
    assert deliveries > 3
    found = files(deployed.aws)
    assert "job-one" not in found
    assert all("job-renamed" in found[f"schedule-{id_}"] for id_ in ids)


def test_no_progress_can_be_noted(shared: Follower) -> None:
    """Then the next delivery begins at the beginning, and nothing is forgotten."""
    shared.aws.put("mwaa_task", task("1", "false"))
    batch = shared.records()

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.UpdateItem" and "followed" in parameters["UpdateExpression"]:
            raise ClientError({"Error": {"Code": "500", "Message": "injected"}}, operation)
        return execute()

    shared.aws.around.append(around)
    followed, rest = _deliver(shared, batch, 2)
    assert [failure.what for failure in followed.failures] == ["task/1"]
    shared.aws.around.clear()
    followed, rest = _deliver(shared, rest, 2)
    assert _compiled(followed) == EVERY[:8]


def test_lambda_delivers_until_all_is_done(
    aws: Aws, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    """The function has time for three chunks, each time."""
    aws.put("mwaa_task", task("1"))
    for number in range(JOBS):
        aws.put("mwaa_job", job(str(number), f"j{number:02}"))
    Follower(aws, functions.deployment).follow()
    aws.put("mwaa_task", task("1", "false"))

    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        functions.remaining_ms -= 80_000 if operation == "s3.PutObject" else 0
        return execute()

    def handle(event: dict[str, Any]) -> Any:
        functions.remaining_ms = 900_000
        return functions.stream(event)

    aws.around.append(around)
    with Interleaving(lambda _: 0) as run:
        service = LambdaService(aws, run, handle, batch_size=1000, retries=10)
        service.run_until_done()
    assert not service.dead_letters
    assert _has(aws, "false") == set(EVERY)
    followed = [line for line in functions.log() if line["message"] == "followed"]
    left = [line["not_reached"] for line in followed if line["not_reached"]]
    assert left == [18, 6]
    capsys.readouterr()


def test_a_claim_of_a_dag_that_another_one_asked_for(deployed: Follower) -> None:
    """The job's compile asks for the scheduler, but does not know of the second row of its name."""
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.follow()
    deployed.aws.put("mwaa_task", task("1"))
    for number in range(CHUNK - 1):
        deployed.aws.put("mwaa_job", job(f"other{number}", f"a{number}"))
    deployed.aws.put("mwaa_scheduler", scheduler("2", "daily"))
    batch = deployed.records()
    while batch:
        _, batch = _deliver(deployed, batch, 1)
    [diagnostic, *_] = records(deployed.aws)["schedule-daily"]["diagnostics"]
    assert diagnostic["code"] == "duplicate-name"
