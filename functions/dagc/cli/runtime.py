"""`dagc runtime`: builds and publishes what Airflow gets beside the DAG files.

Exit codes: 0 all is as it should be; 1 an object was left alone, or the bucket keeps no versions;
2 wrong usage.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console

from dagc.aws import INFRASTRUCTURE
from dagc.aws.conditional_put import Changed
from dagc.aws.runtime_objects import keeps_versions
from dagc.aws.stack import Stack, read_stack, update_stack
from dagc.cli.commands import PLAIN
from dagc.cli.refusal import refuse, required_target, stderr, without_dot
from dagc.cli.runtime_decision import Action
from dagc.cli.runtime_files import RuntimeFolderError, built_in_runtime, runtime_files
from dagc.cli.runtime_packages import packages_of_rows
from dagc.cli.runtime_publication import Published, publish
from dagc.cli.runtime_steps import next_steps, stack_versions, table, without_versions
from dagc.cli.team import Team, team_folder
from dagc.compiler import DEFAULT_TARGET

app = typer.Typer(
    help="What Airflow gets beside the DAG files: plugins, requirements, callables.",
    no_args_is_help=True,
    rich_markup_mode=PLAIN,
)
PREFIX = re.compile(r"((?!\.{1,2}/)[A-Za-z0-9_.-]+/)+")
"""As DagsPrefix of template.yaml, without the folders . and .. ."""

stdout = Console(highlight=False, soft_wrap=True)

DAGS_PREFIX = "dags/generated/"

Airflow = Annotated[
    str | None,
    typer.Option(
        metavar="VERSION", help="Target: 2, 3, 2.10, … 3.3. Default: the stack's, or else 3.0."
    ),
]
DagsPrefix = Annotated[
    str | None,
    typer.Option(
        metavar="PREFIX",
        help="Where the DAG files are; the first folder of it is Airflow's DAG folder.",
    ),
]


Rows = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="The rows whose operators' packages Airflow gets. Default: the team's rows/.",
    ),
]
Bucket = Annotated[str | None, typer.Option(metavar="NAME", help="The bucket that MWAA reads.")]
StackName = Annotated[
    str | None, typer.Option("--stack", metavar="NAME", help="Instead: the stack that knows it.")
]


class Destination(NamedTuple):
    """The bucket, the DAG prefix in it, the Airflow that reads it, and the stack of all these."""

    bucket: str
    dags_prefix: str
    airflow: str
    stack: Stack | None


@app.command("build")
def build_command(
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Folder for the files, as they lie in the bucket."),
    ],
    airflow: Airflow = None,
    dags_prefix: DagsPrefix = None,
    team: Team = None,
    rows: Rows = None,
) -> None:
    """Write the files into a folder."""
    files = _files(team, rows, airflow or DEFAULT_TARGET, dags_prefix or DAGS_PREFIX)
    try:
        for key, content in files.items():
            path = out / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        refuse(f"--out: cannot write there: {error}")
    stdout.print(f"{len(files)} files written to {out}.")


@app.command("publish")
def publish_command(
    bucket: Bucket = None,
    stack: StackName = None,
    airflow: Airflow = None,
    dags_prefix: DagsPrefix = None,
    team: Team = None,
    rows: Rows = None,
    force: Annotated[
        bool,
        typer.Option("--force", metavar="", help="Also over what something else wrote or changed."),
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update", metavar="", help="With --stack: update its MWAA environment as well."
        ),
    ] = False,
) -> None:
    """Put the files into the bucket that MWAA reads. What is there already is left as it is."""
    if (bucket is None) is (stack is None):
        refuse("Say where to: either --bucket NAME or --stack NAME.")
    if update and stack is None:
        refuse("--update is for an environment of the stack's own: it needs --stack.")
    try:
        destination = _of_stack(stack) if stack else _of_bucket(bucket or "")
        prefix = dags_prefix or destination.dags_prefix
        files = _files(team, rows, airflow or destination.airflow, prefix)
        published = _publish(destination, files, force=force)
        refused = any(publication.action is Action.REFUSE for publication in published)
        _report_next(destination.stack, published, update=update and not refused)
    except Changed as error:
        refuse(f"{error} was changed meanwhile, by something else. Publish again.")
    except INFRASTRUCTURE as error:
        refuse(
            f"{without_dot(error)}. Check the credentials, the region (AWS_REGION) and the names."
        )
    raise typer.Exit(int(refused))


def _report_next(stack: Stack | None, published: list[Published], *, update: bool) -> None:
    """Updates the stack's Airflow if that is wanted, and prints what a person does next."""
    steps: Iterable[str] = next_steps(published, stack)
    if update and stack:
        steps = [_update(stack, stack_versions(published))]
    for text in steps:
        stdout.print(f"\n{text}", markup=False)


def _of_bucket(name: str) -> Destination:
    return Destination(name, DAGS_PREFIX, DEFAULT_TARGET, None)


def _of_stack(name: str) -> Destination:
    from dagc.aws.clients import make_client

    stack = read_stack(make_client("cloudformation"), name)
    try:
        return Destination(
            stack.outputs["DagBucketName"],
            stack.outputs["DagPrefix"],
            stack.parameters["AirflowVersion"],
            stack,
        )
    except KeyError as error:
        refuse(f"--stack: {name} has no {error}: it is not, or not yet, a stack of template.yaml.")


def _files(
    team: Path | None, rows: Path | None, airflow: str, dags_prefix: str
) -> Mapping[str, bytes]:
    target = required_target(airflow)
    if not PREFIX.fullmatch(dags_prefix):
        refuse(f"--dags-prefix: {dags_prefix!r} is none. Write folders, each with a slash: dags/.")
    try:
        dags_folder = dags_prefix.partition("/")[0]
        folder = team_folder(team)
        packages = packages_of_rows(rows, folder, target)
        files = runtime_files(built_in_runtime(), folder, target, dags_folder, packages)
    except RuntimeFolderError as error:
        refuse(f"{error}.")
    stdout.print(f"The runtime of Airflow {target}:")
    return files


def _publish(
    destination: Destination, files: Mapping[str, bytes], *, force: bool
) -> list[Published]:
    from dagc.aws.clients import make_client

    client = make_client("s3")
    if not keeps_versions(client, destination.bucket):
        stderr.print(without_versions(destination.bucket), style="red", soft_wrap=True)
        raise typer.Exit(1)
    published = publish(client, destination.bucket, files, force=force)
    for line in table(destination.bucket, published):
        stdout.print(line, markup=False)
    return published


def _update(stack: Stack, versions: Mapping[str, str]) -> str:
    """Updates the stack's own environment; what to say of it."""
    from dagc.aws.clients import make_client

    if not stack.has_airflow:
        refuse(f"--update: {stack.name} has no MWAA environment of its own.")
    if missing := versions.keys() - stack.parameters.keys():
        refuse(f"--update: deploy {stack.name} first: it lacks {', '.join(sorted(missing))}.")
    if stack.runs(versions):
        return f"The environment {stack.name} has these versions."
    update_stack(make_client("cloudformation"), stack, versions)
    return (
        f"The stack {stack.name} is being updated. Its environment restarts, which takes 10 to 30 "
        "minutes."
    )
