"""`make airflow`: Airflow on the example's rows, left running for you to look at."""

import argparse
import time

from rich.console import Console

from demo import show
from demo.airflow.stage import AirflowStage, opened
from demo.airflow.versions import DEFAULT, VERSIONS
from demo.chapters import Chapters
from demo.unexpected import UnexpectedError


def main() -> int:
    """Run until ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--airflow", choices=VERSIONS, default=DEFAULT)
    version = parser.parse_args().airflow
    console = Console()
    try:
        with opened(version, Chapters(console), console) as stage:
            _invite(stage, console)
            while True:
                time.sleep(3600)
    except UnexpectedError as problem:
        show.unexpected(problem, console)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is left behind.")
    return 0


def _invite(stage: AirflowStage, console: Console) -> None:
    console.print()
    console.rule("[bold]Your turn", align="left", style="dim")
    console.print(f"Airflow's page: {stage.airflow.url}", markup=False)
    console.print("ctrl-C ends it.", style="dim")


if __name__ == "__main__":
    raise SystemExit(main())
