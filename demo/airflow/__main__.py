"""`make airflow`: Airflow on the example's rows, left running for you to look at."""

import argparse
import json
import shlex
import time
from pathlib import Path

from rich.console import Console

from demo import show
from demo.airflow import outlet
from demo.airflow.stage import AirflowStage, opened
from demo.airflow.versions import DEFAULT, VERSIONS
from demo.chapters import Chapters
from demo.deploy import EXAMPLES
from demo.stack import Stack
from demo.stage import until_interrupted


def main() -> int:
    """Run until ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--airflow", choices=VERSIONS, default=DEFAULT)
    parser.add_argument("--team", type=Path, default=EXAMPLES)
    options = parser.parse_args()
    team = options.team.resolve()
    console = Console()
    with (
        until_interrupted(console) as ended,
        opened(options.airflow, Chapters(console), console, team) as stage,
    ):
        if team == EXAMPLES:
            _invite(stage, console)
        else:
            console.print(f"\nAirflow's page: {stage.airflow.url}. ctrl-C ends it.", markup=False)
        while True:
            time.sleep(3600)
    return ended.code


def _invite(stage: AirflowStage, console: Console) -> None:
    """Start something to look at, and say what to type in another terminal."""
    day = outlet.last_day()
    outlet.put_sales(stage.stack.s3, day)
    stage.airflow.rest.pause(outlet.SCHEDULER, paused=False)
    console.print()
    console.rule("[bold]Your turn", align="left", style="dim")
    console.print(
        f"Airflow's page: {stage.airflow.url}/dags/{outlet.SCHEDULER}\n"
        f"Its run for {day} has just begun; in a minute or two it is green. Switch on others as\n"
        "you like: most need more of AWS than there is here, and fail. In another terminal:",
        markup=False,
        soft_wrap=True,
    )
    show.commands(_commands(stage.stack), console)
    console.print("\nctrl-C ends it.", style="dim")


def _commands(stack: Stack) -> list[str]:
    variables = {**stack.aws.credentials, "AWS_ENDPOINT_URL": stack.aws.endpoint}
    task = json.dumps({"task_id": {"S": "711"}})
    broken = json.dumps({":p": {"M": {"sql": {"S": "SELECT * FROM no_such_table"}}}})
    edit = ["dynamodb", "update-item", "--table-name", stack.tables["task"], "--key", task]
    edit += ["--update-expression", "SET task_params = :p", "--expression-attribute-values", broken]
    return [
        "export " + " ".join(f"{name}={value}" for name, value in variables.items()),
        "\n# what ran, failures first",
        ".venv/bin/dagc runs",
        "\n# break the SQL of a task; then clear trigger_outlet_report with Downstream, in Airflow",
        shlex.join([".venv/bin/aws", *edit]),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
