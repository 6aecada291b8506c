"""How `make airflow` and its tests begin: the deployed stack, an Airflow that reads its bucket."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from demo import stage
from demo.airflow import bundle
from demo.airflow.airflow import LOOK_EVERY_SECONDS, Airflow, prepare, started
from demo.airflow.postgres import postgres
from demo.airflow.services import Services, services
from demo.airflow.versions import installed
from demo.chapters import Chapters
from demo.dags import states
from demo.deploy import EXAMPLES
from demo.process import printed_by
from demo.stack import Stack
from demo.waiting import wait_until

DAGC = Path(sys.executable).with_name("dagc")


@dataclass(frozen=True)
class AirflowStage:
    """The stack with the example's rows, what their tasks talk to, and a running Airflow."""

    stack: Stack
    services: Services
    airflow: Airflow


@contextmanager
def opened(
    airflow: str, chapters: Chapters, console: Console, team: Path = EXAMPLES
) -> Iterator[AirflowStage]:
    """Start all of it, for a minor version of Airflow, with a team's folder; tear everything down
    at the end.
    """
    version = installed(airflow)
    with ExitStack() as running:
        stack = running.enter_context(stage.opened(chapters, console, airflow, team)).stack
        with chapters.chapter("What the tasks talk to") as chapter:
            database = running.enter_context(postgres())
            served = running.enter_context(services(stack.aws, database))
            chapter.outcome = "a Redshift Data API on PostgreSQL, and the other services of AWS"
        with chapters.chapter("What MWAA gets beside the DAGs") as chapter:
            publish(stack, airflow, console, team)
            chapter.outcome = "plugins.zip, requirements.txt and the modules are in the bucket"
        with chapters.chapter(f"Airflow {airflow}") as chapter:
            home = stack.aws.folder / "airflow"
            port, options = prepare(version, home, database)
            bundle.install_plugins(stack, home / "plugins")
            running.enter_context(bundle.synchronised(stack, home / "dags"))
            variables = {
                **stack.aws.environment,
                **served.environment,
                **options,
                "AIRFLOW__DAGC__RUN_TABLE": stack.tables["run"],
            }
            found = running.enter_context(started(version, home, port, variables))
            _wait_for_dags(stack, found)
            chapter.outcome = f"{found.url} shows {len(found.rest.dags())} DAGs"
        yield AirflowStage(stack, served, found)


def publish(stack: Stack, airflow: str, console: Console, team: Path = EXAMPLES) -> None:
    """Put the runtime into the bucket, as `make runtime` does for a stack in AWS."""
    command = [str(DAGC), "runtime", "publish", "--bucket", stack.bucket, "--airflow", airflow]
    command += ["--team", str(team)]
    said = printed_by(command, "dagc runtime publish", environment=stack.aws.environment)
    # What to do next with MWAA is not for here: there is none.
    console.print(said.split("\n\n")[0], markup=False, soft_wrap=True)


def _wait_for_dags(stack: Stack, airflow: Airflow) -> None:
    """Until Airflow has read every file that the compiler has published."""
    expected = {dag for dag, state in states(stack).items() if state == "published"}
    wait_until(
        lambda: set(airflow.rest.dags()),
        lambda found: found >= expected,
        f"Airflow to know {len(expected)} DAGs",
        lambda found: f"it lacks {expected - found}; {airflow.rest.import_errors()}",
        every=LOOK_EVERY_SECONDS,
    )
