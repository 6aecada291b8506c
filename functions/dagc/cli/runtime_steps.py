"""What `dagc runtime` says: what was put where, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence

from dagc.aws.stack import PLUGINS_VERSION, REQUIREMENTS_VERSION, Stack
from dagc.cli.runtime_decision import Action
from dagc.cli.runtime_files import PLUGINS, REQUIREMENTS
from dagc.cli.runtime_publication import Published

_UPDATED = {PLUGINS: PLUGINS_VERSION, REQUIREMENTS: REQUIREMENTS_VERSION}
"""What Airflow takes only when its environment is updated, and the stack's parameters for it."""


def without_versions(bucket: str) -> str:
    """What a person does with a bucket that keeps no versions: MWAA names its files by them."""
    return (
        f"s3://{bucket} keeps no versions, which MWAA demands: nothing was published. "
        "If it is the bucket that MWAA reads, turn them on, then publish again:\n"
        f"  aws s3api put-bucket-versioning --bucket {bucket} "
        "--versioning-configuration Status=Enabled"
    )


def table(bucket: str, published: Sequence[Published]) -> Iterable[str]:
    """A line for each object."""
    width = max(len(publication.key) for publication in published)
    for key, action, version in published:
        said = f"s3://{bucket}/{key:{width}}  {action}"
        yield f"{said}, version {version}" if version and key in _UPDATED else said


def stack_versions(published: Iterable[Published]) -> dict[str, str]:
    """The versions that the environment is to have, by the stack's parameter."""
    return {
        _UPDATED[key]: version
        for key, action, version in published
        if key in _UPDATED and action is not Action.REFUSE
    }


def next_steps(published: Sequence[Published], stack: Stack | None) -> Iterable[str]:
    """What a person does now, so that Airflow has it all."""
    refused = [publication.key for publication in published if publication.action is Action.REFUSE]
    if refused:
        yield (
            f"Left alone, since something else wrote or changed it: {', '.join(refused)}. "
            "Take over what is in there, then publish again with --force."
        )
    versions = stack_versions(published)
    if stack is not None and stack.has_airflow:
        yield _next_of_stack(stack, versions)
    elif versions:
        yield (
            "MWAA reads the DAG folder by itself, every 30 seconds or so. The rest it takes when "
            f"its environment is updated, which restarts it:\n{_update_command(published)}"
        )


def _next_of_stack(stack: Stack, versions: Mapping[str, str]) -> str:
    if stack.runs(versions):
        return f"The environment {stack.name} has these versions."
    return (
        f"The environment {stack.name} does not have these versions yet. To update it, which "
        f"restarts it: dagc runtime publish --stack {stack.name} --update"
    )


def _update_command(published: Iterable[Published]) -> str:
    names = {PLUGINS: "plugins", REQUIREMENTS: "requirements"}
    lines = ["aws mwaa update-environment --name NAME"]
    for key, action, version in published:
        if key in names and action is not Action.REFUSE:
            option = f"--{names[key]}-s3"
            lines.append(f"{option}-path {key} {option}-object-version {version}")
    return "  " + " \\\n    ".join(lines)
