"""What the plugin of run history does where the table does not answer: it counts, and goes on."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.run_table import load

run_table = load()
worker = load("dagc_run_worker")
trouble = load("dagc_run_trouble")
recorder = load("dagc_run_recorder")

Deadline = worker.Deadline
EVENT = run_table.Event("job-a", "r1", "success", datetime(2026, 11, 22, tzinfo=UTC))


class Table:
    """What stands for the table: each request does what `answers` says."""

    name = "there"

    def __init__(self, answers: Callable[[], Any]) -> None:
        self.answers = answers
        self.asked = 0
        self.told: list[tuple[int, str]] = []

    def record(self, event: Any) -> None:
        """Asked."""
        assert event.dag_id == "job-a"
        self.asked += 1
        self.answers()

    def recorded_tries(self, *_: str) -> Any:
        """Asked."""
        self.asked += 1
        return self.answers()

    def tell_dropped(self, known: dict[str, Any], host: str) -> None:
        """Told."""
        self.answers()
        self.told.append((known["dropped"], host))


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


def fails() -> None:
    """As a network without a route."""
    raise OSError("no route")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(recorder, "time", clock)
    return clock


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a request hangs on; in the end it comes."""
    gate = threading.Event()
    yield gate
    gate.set()


def hook(table: Table, process: Any = None, seconds: float = 60) -> Any:
    """One hook, in a process of its own or in `process`, which is returned."""
    process = process or recorder.Recorder(table)
    process.record(EVENT)
    process.settle(Deadline(seconds))
    return process


def known(table: Table) -> Any:
    """The troubles that all processes know."""
    return trouble.TroubleFile(table.name).read()


def test_what_is_recorded_leaves_no_trace(folder: Path) -> None:
    table = Table(lambda: None)
    hook(table).end(Deadline(0))
    assert table.asked == 1
    assert not list(folder.iterdir())


def test_after_failures_no_process_asks_until_the_pause_is_over(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(fails)
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            hook(table).end(Deadline(0))
    assert table.asked == trouble.FAILURES
    assert known(table).dropped == 10
    assert len(caplog.messages) == 10
    for part in ("'there'", "job-a r1", "OSError: no route", "dynamodb:UpdateItem", "run_table"):
        assert part in caplog.messages[0]
    assert "left alone" in caplog.messages[-1]
    clock.now += trouble.PAUSE_SECONDS
    hook(table)
    hook(table)
    assert table.asked == trouble.FAILURES + 1, "one try, and the pause begins anew"


def test_who_reaches_the_table_tells_what_was_dropped(clock: Clock) -> None:
    table = Table(fails)
    for _ in range(5):
        hook(table).end(Deadline(0))
    clock.now += trouble.PAUSE_SECONDS
    table.answers = lambda: None
    hook(table)
    hook(table)
    ((count, host),) = table.told
    assert (count, bool(host)) == (5, True)
    assert known(table) == trouble.Trouble()


def test_a_hook_goes_on_while_the_request_hangs(
    gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(gate.wait)
    before = set(threading.enumerate())
    process = hook(table, seconds=0)
    hook(table, process, seconds=0)
    assert not gate.is_set()
    assert len(set(threading.enumerate()) - before) == 1, "one thread, however many events"
    assert known(table).failures == 1, "not of the first hook: it may have been too busy"
    assert not caplog.messages, "nothing is dropped yet"
    gate.set()
    hook(table, process)
    assert (table.asked, known(table)) == (3, trouble.Trouble())


def test_a_table_that_answers_slowly_does_not_fail() -> None:
    steps = threading.Semaphore(0)
    table = Table(steps.acquire)
    process = recorder.Recorder(table)
    for _ in range(trouble.FAILURES + 2):
        process.record(EVENT)
    while process._pending:  # one is answered at a time, and the others are late
        steps.release()
        process._pending[0].outcome.result(60)
        process.settle(Deadline(0))
    assert known(table) == trouble.Trouble()


def test_the_end_of_a_process_drops_what_hangs(
    gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(gate.wait)
    process = hook(table, seconds=0)
    hook(table, process, seconds=0)
    with caplog.at_level(logging.WARNING):
        process.end(Deadline(0))
    assert not gate.is_set()
    assert known(table).dropped == 2
    (message,) = caplog.messages
    assert "(events dropped now: 2): no answer in time" in message
    process.end(Deadline(0))
    assert known(table).dropped == 2


def test_a_long_lived_process_leaves_what_hangs_behind(gate: threading.Event, clock: Clock) -> None:
    table = Table(gate.wait)
    process = hook(table, seconds=0)
    for _ in range(trouble.FAILURES):
        hook(table, process, seconds=0)
    assert known(table).dropped == trouble.FAILURES + 1
    clock.now += trouble.PAUSE_SECONDS
    table.answers = lambda: None
    hook(table, process)
    assert table.told, "by another thread"
    assert not gate.is_set()


def test_threads_that_never_end_are_few(gate: threading.Event) -> None:
    crew = worker.Worker()
    before = set(threading.enumerate())
    for _ in range(worker.MOST_LEFT):
        begun = threading.Event()
        assert crew.give(lambda begun=begun: (begun.set(), gate.wait()))
        begun.wait()
        crew.leave()
    assert crew.give(gate.wait) is None
    assert len(set(threading.enumerate()) - before) == worker.MOST_LEFT


def test_what_waits_is_bounded(gate: threading.Event) -> None:
    table = Table(gate.wait)
    process = recorder.Recorder(table)
    for _ in range(worker.MOST_WAITING + 10):
        process.record(EVENT)
    process.settle(Deadline(0))
    assert 9 <= known(table).dropped <= 10, "one may have begun"


def test_a_query_is_waited_for_until_a_deadline(
    gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    process = recorder.Recorder(Table(gate.wait))
    with caplog.at_level(logging.WARNING):
        assert process.recorded_tries("d", "r", Deadline(0)) is None
    assert not gate.is_set()
    assert "dynamodb:Query" in caplog.messages[0]
    assert recorder.Recorder(Table(dict)).recorded_tries("d", "r", Deadline(60)) == {}


def test_what_is_known_late_is_added_and_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    table = Table(lambda: None)
    process = recorder.Recorder(table)
    for fuller in (lambda: EVENT, lambda: None, fails):
        process.add(EVENT, fuller)
    with caplog.at_level(logging.INFO):
        process.settle(Deadline(60))
    assert (table.asked, known(table)) == (1, trouble.Trouble())
    assert ["less is known of job-a r1" in message for message in caplog.messages] == [True]


def test_no_name_records_nothing(folder: Path) -> None:
    table = Table(fails)
    table.name = ""
    process = hook(table)
    assert process.recorded_tries("d", "r", Deadline(60)) is None
    process.end(Deadline(0))
    assert not table.asked
    assert not list(folder.iterdir())


def test_a_worker_returns_or_raises_in_order() -> None:
    crew = worker.Worker()
    answers: list[Future[Any]] = [crew.give(lambda: 7), crew.give(fails), crew.give(lambda: 8)]
    assert [answers[0].result(60), answers[2].result(60)] == [7, 8]
    with pytest.raises(OSError, match="no route"):
        answers[1].result(60)
    assert not Deadline(60).is_over
    assert Deadline(0).is_over
