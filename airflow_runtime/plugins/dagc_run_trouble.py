"""What went wrong lately with the table of run history, known to all processes of this machine.

Each try of a task is a new process, and lasts seconds: what it learnt of a network that does not
answer has to outlive it. So it is in a small file of the user's in the folder for temporary files.
The file is only a hint: where it cannot be had, or is not what was written, a process has its own.
"""

import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

FAILURES = 3
"""In a row, after which the table is left alone for a while."""
PAUSE_SECONDS = 60.0
MOST_BYTES = 4096
MAX_ERROR = 300
"""Characters of the last error that are kept."""
_LOCK_TRIES = 10
_LOCK_SECONDS = 0.005
"""Between two of them. Who has the lock has it for less than that, unless he was stopped."""


@dataclass(frozen=True)
class Trouble:
    """Failures in a row, and the events that were dropped and not yet told to the table."""

    failures: int = 0
    failed_at: float = 0.0
    """Of the last one, on the clock that all processes share and nobody sets."""
    dropped: int = 0
    since: str = ""
    until: str = ""
    error: str = ""

    def pauses(self, now: float) -> bool:
        """Whether the table is left alone. A moment to come is of before a restart: no."""
        return self.failures >= FAILURES and 0 <= now - self.failed_at < PAUSE_SECONDS

    def failed(self, now: float) -> "Trouble":
        """After one more failure."""
        return replace(self, failures=min(self.failures + 1, FAILURES), failed_at=now)

    def recovered(self) -> "Trouble":
        """After the table answered."""
        return replace(self, failures=0, failed_at=0.0)

    def after_drop(self, count: int, error: str, at: str) -> "Trouble":
        """After so many events more that are not recorded."""
        return replace(
            self,
            dropped=self.dropped + count,
            since=self.since or at,
            until=max(self.until, at),
            error="".join(sign if sign.isprintable() else " " for sign in error[:MAX_ERROR]),
        )

    def told(self, reported: "Trouble") -> "Trouble":
        """After the table was told of what was dropped; if more was since, it is told again."""
        same = (self.dropped, self.since) == (reported.dropped, reported.since)
        return replace(self, dropped=0, since="", until="", error="") if same else self


class TroubleFile:
    """The file, or what this process knows where there is none. Nothing here raises."""

    def __init__(self, table: str) -> None:
        self._own = Trouble()
        name = hashlib.sha256(table.encode()).hexdigest()[:12]
        try:
            folder = tempfile.gettempdir()
        except OSError:
            folder = os.devnull  # in which there is no file
        self.path = Path(folder) / f"dagc-run-history-{os.geteuid()}-{name}"

    def read(self) -> Trouble:
        """What is known."""
        try:
            with _opened(self.path, os.O_RDONLY) as file:
                return _parsed(os.pread(file, MOST_BYTES, 0))
        except OSError:
            return self._own

    def change(self, step: Callable[[Trouble], Trouble]) -> Trouble:
        """What is known after `step`."""
        try:
            with _opened(self.path, os.O_RDWR | os.O_CREAT) as file:
                _lock(file)
                changed = step(_parsed(os.pread(file, MOST_BYTES, 0)))
                os.ftruncate(file, 0)
                os.pwrite(file, json.dumps(asdict(changed)).encode(), 0)
        except OSError:
            changed = self._own = step(self._own)
        return changed


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """The file, if it is one that this user wrote and nobody else can: others can name theirs so.

    Closing it gives its lock back.
    """
    safe = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    file = os.open(path, flags | safe, 0o600)
    try:
        found = os.fstat(file)
        ours = found.st_uid == os.geteuid() and found.st_nlink == 1
        if not (ours and stat.S_ISREG(found.st_mode) and not found.st_mode & 0o022):
            raise PermissionError(path)
        yield file
    finally:
        os.close(file)


def _lock(file: int) -> None:
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_SECONDS)
        else:
            return
    raise TimeoutError


def _parsed(content: bytes) -> Trouble:
    """What was written, or no trouble if it is anything else."""
    try:
        found = json.loads(content)
        values = {name: found[name] for name in asdict(Trouble())}
    except (ValueError, TypeError, KeyError, RecursionError):
        return Trouble()
    known = Trouble(**values)
    return known if all(map(_fits, values.values(), asdict(Trouble()).values())) else Trouble()


def _fits(value: Any, of_kind: Any) -> bool:
    if type(value) is not type(of_kind):
        return False
    if isinstance(value, str):
        return len(value) <= MAX_ERROR and value.isprintable()
    return bool(0 <= value < 1e15)  # not so: NaN, infinity
