"""Programs that run beside ours for a while: each in a group of its own, which ends with us."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.unexpected import UnexpectedError

STOP_SECONDS = 15.0
LAST_LINES = 30

Process = subprocess.Popen[bytes]


@contextmanager
def running(
    commands: Mapping[str, Sequence[str | Path]],
    *,
    folder: Path,
    environment: Mapping[str, str],
    user: int | None = None,
) -> Iterator[dict[str, Process]]:
    """Start commands by their names, in `folder`, each with a log `<name>.log` there; end them all.

    `user` is the numeric id of the user that runs them, if not our own.
    """
    started: dict[str, Process] = {}
    try:
        for name, command in commands.items():
            with log(folder, name).open("ab") as output:
                started[name] = subprocess.Popen(  # noqa: S603 - the commands are ours
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    user=user,
                    # A group of its own: ctrl-C reaches us, and we end it when we are done.
                    start_new_session=True,
                )
        yield started
    finally:
        stop(list(started.values()))


def stop(processes: Sequence[Process]) -> None:
    """End groups that we started, with all that they have started in turn."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            for process in processes:
                process.wait(STOP_SECONDS)


def require_running(name: str, process: Process, printed: Path) -> None:
    """Raise, with the end of what it printed, if a program that is to go on has ended."""
    if process.poll() is not None:
        seen = f"it ended with exit code {process.returncode}"
        raise UnexpectedError(f"{name} to start", seen, last_lines(printed))


def printed_by(
    command: Sequence[str | Path],
    title: str,
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    user: int | None = None,
) -> str:
    """Run a command to its end; what it printed. Raises, with its complaints, if it fails."""
    done = subprocess.run(  # noqa: S603 - the commands are ours
        command,
        cwd=folder,
        env=environment,
        user=user,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        seen = f"exit code {done.returncode}"
        raise UnexpectedError(f"`{title}` to succeed", seen, done.stderr)
    return done.stdout


def log(folder: Path, name: str) -> Path:
    """What a command of that name prints."""
    return folder / f"{name}.log"


def last_lines(path: Path) -> str:
    """The end of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-LAST_LINES:])
