"""How the story and `make dev` begin: an AWS, our stack in it, and the example's rows."""

import argparse
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dagc.compiler.targets import DEFAULT
from demo import dags, function_log, show
from demo.chapters import Chapters
from demo.deploy import EXAMPLES, RUNTIME, build, deploy
from demo.files import versions
from demo.local_aws import local_aws
from demo.rebuild import rebuild
from demo.rows import Row, dag_ids, load, read_rows
from demo.stack import Stack
from demo.unexpected import UnexpectedError
from demo.waiting import wait_until


@dataclass(frozen=True)
class Stage:
    """Where the story takes place: the deployed stack, and the rows that were loaded into it."""

    stack: Stack
    rows: dict[str, list[Row]]


@contextmanager
def opened(
    chapters: Chapters, console: Console, airflow: str = DEFAULT, team: Path = EXAMPLES
) -> Iterator[Stage]:
    """Start, build, deploy for `airflow`, load a team's rows; tear everything down at the end."""
    # A killed demo must not leave its AWS behind: unwind, as after ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # And so must one whose terminal was closed.
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    # A shell without job control starts what runs in its background deaf to ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with ExitStack() as running:
        with chapters.chapter("An AWS of our own") as chapter:
            aws = running.enter_context(local_aws())
            chapter.outcome = f"ministack answers at {aws.endpoint}"
        with chapters.chapter("sam build") as chapter:
            template = build(aws, console, team)
            size = _size(template.parent / "DagCompilerFunction")
            chapter.outcome = f"a package of {size / 1e6:.0f} MB for {RUNTIME}"
        with chapters.chapter("sam deploy") as chapter:
            stack = deploy(aws, template, console, airflow)
            console.print("In AWS, the end of a deployment starts a rebuild; here we do.")
            rebuild(stack, console)
            chapter.outcome = "three tables, a bucket, and the functions that join them"
        try:
            with chapters.chapter("Rows become files") as chapter:
                stage = Stage(stack, read_rows(team / "rows"))
                chapter.outcome = _rows_become_files(stage, console)
            yield stage
        except UnexpectedError as problem:
            # What the functions said last, before their logs go with the rest.
            problem.look = problem.look or function_log.tail(stack)
            raise


def team_option(about: str | None) -> Path:
    """The team's folder that the command line names with `--team`; the example's without."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--team", type=Path, default=EXAMPLES)
    team: Path = parser.parse_args().team.resolve()
    if not (team / "rows").is_dir():
        parser.error(f"{team} has no folder rows/")
    return team


@dataclass
class Ended:
    """How a program ended: its exit code."""

    code: int = 0


@contextmanager
def until_interrupted(console: Console) -> Iterator[Ended]:
    """What runs in here goes on until ctrl-C, or until something is not as expected."""
    ended = Ended()
    try:
        yield ended
    except UnexpectedError as problem:
        show.unexpected(problem, console)
        ended.code = 1
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is left behind.")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _rows_become_files(stage: Stage, console: Console) -> str:
    expected = dag_ids(stage.rows)

    load(stage.stack, stage.rows, console)
    wait_until(
        lambda: dags.states(stage.stack),
        lambda found: _published(found) == expected,
        f"mwaa_dag to say that the {len(expected)} enabled jobs and schedulers are published",
        lambda found: f"it lacks {expected - _published(found)}, has {found}",
    )
    files = versions(stage.stack)
    if files.keys() != expected:
        raise UnexpectedError(f"the files {sorted(expected)}", f"{sorted(files)}")
    show.tree(stage.stack, files, console)
    count = sum(len(rows) for rows in stage.rows.values())
    return f"{count} rows are {len(files)} files"


def _published(states: Mapping[str, str]) -> set[str]:
    return {dag for dag, state in states.items() if state == "published"}
