"""`make dev`: the same stack, left running for you. Edit a row, see the file change."""

import json
import shlex
import time

from rich.console import Console

from demo import files, function_log, show
from demo.chapters import Chapters
from demo.stack import Stack
from demo.stage import opened, team_option, until_interrupted

LOOK_EVERY_SECONDS = 0.2


def main() -> int:
    """Run until ctrl-C."""
    team = team_option(__doc__)
    console = Console()
    with (
        until_interrupted(console) as ended,
        opened(Chapters(console), console, team=team) as stage,
    ):
        _invite(stage.stack, console)
        _watch(stage.stack, console)
    return ended.code


def _invite(stack: Stack, console: Console) -> None:
    """What to type, in another terminal."""
    console.print()
    console.rule("[bold]Your turn: in another terminal", align="left", style="dim")
    show.commands(_commands(stack), console)
    console.print("\nWhat changes appears here. ctrl-C ends it.", style="dim")


def _commands(stack: Stack) -> list[str]:
    setup, export = (
        {"schedule_id": {"S": "6"}},
        {"job_type": {"S": "export"}, "job_id": {"S": "40"}},
    )
    sundays, nonsense = (f'{{"schedule_interval": "{when}"}}' for when in ("0 6 * * 0", "Sundays"))
    at = ["--endpoint-url", stack.aws.endpoint]
    close = {"dag_id": {"S": "schedule-weekly_close"}}
    dags = ["--table-name", stack.tables["dag"]]
    group = ["--log-group-name", stack.log_groups["compiler"]]
    rebuild = ["--function-name", stack.functions["rebuild"], "--payload", "{}"]
    return [
        "export " + " ".join(f"{name}={value}" for name, value in stack.aws.credentials.items()),
        "\n# run the setup every Sunday; then on a schedule that does not exist",
        _update(stack, "scheduler", setup, "schedule_params", {"S": sundays}),
        _update(stack, "scheduler", setup, "schedule_params", {"S": nonsense}),
        "\n# disable a job that a scheduler names; then enable it again",
        _update(stack, "job", export, "status", {"N": "0"}),
        _update(stack, "job", export, "status", {"N": "1"}),
        "\n# what became of a DAG, and why; of all of them",
        _aws("dynamodb", "get-item", *at, *dags, "--key", json.dumps(close)),
        _aws("dynamodb", "scan", *at, *dags, "--query", "Items[].[dag_id.S, state.S]"),
        "\n# delete a file by hand; then let a rebuild repair it",
        _aws("s3", "rm", *at, f"s3://{stack.bucket}/{stack.prefix}schedule-weekly_close.py"),
        _aws("lambda", "invoke", *at, *rebuild, "/dev/stdout"),
        "\n# look around",
        _aws("s3", "ls", *at, f"s3://{stack.bucket}/{stack.prefix}"),
        _aws("logs", "filter-log-events", *at, *group, "--query", "events[].message"),
    ]


def _update(stack: Stack, kind: str, key: object, attribute: str, value: object) -> str:
    return _aws(
        *("dynamodb", "update-item", "--endpoint-url", stack.aws.endpoint),
        *("--table-name", stack.tables[kind], "--key", json.dumps(key)),
        *("--update-expression", "SET #a = :v"),
        *("--expression-attribute-names", json.dumps({"#a": attribute})),
        *("--expression-attribute-values", json.dumps({":v": value})),
    )


def _aws(*arguments: str) -> str:
    return shlex.join([".venv/bin/aws", *arguments])


def _watch(stack: Stack, console: Console) -> None:
    """Show each file that changes, and what is wrong or right again, as it happens."""
    known = files.versions(stack)
    texts = {dag: files.read(stack, dag).text for dag in known}
    for records in function_log.follow(stack):
        found = files.versions(stack)
        for dag in sorted(known.keys() - found.keys()):
            console.print(f"[red]removed[/red] {dag}.py")
            texts.pop(dag)
        for dag in sorted(dag for dag in found if found[dag] != known.get(dag)):
            text = files.read(stack, dag).text
            show.diff(f"{dag}.py", texts.get(dag, ""), text, console)
            texts[dag] = text
        known = found

        show.log(records, console)
        time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
