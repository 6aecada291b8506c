"""Runs the commands of `examples/ci` as they stand, as the two services' runners would.

What is an action of GitHub's (`uses`) is not run; neither is a runner's own work: the checkout, the
reports. Of the expressions, those that the examples have are known.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dagc.compiler import load_plain

FOLDER = Path(__file__).parents[2] / "examples" / "ci"


class Ran(NamedTuple):
    """How a job ended: the exit code of the command that it ended with, and all output."""

    code: int
    output: str


def github_job(
    name: str,
    repository: Path,
    variables: Mapping[str, str],
    expressions: Mapping[str, str] = {},
) -> Ran:
    """The `run` steps of a job, one after another, until one fails: `bash -e`, as GitHub does
    where no shell is named.
    """
    workflow = load_plain((FOLDER / "github-actions.yaml").read_bytes())
    output = ""
    for step in workflow["jobs"][name]["steps"]:
        if "run" not in step:
            continue
        own = {**workflow["env"], **step.get("env", {})}
        found = {key: _evaluated(value, expressions) for key, value in own.items()}
        done = _bash(["-e"], step["run"], repository, {**found, **variables})
        output += done.output
        if done.code:
            return Ran(done.code, output)
    return Ran(0, output)


def gitlab_job(name: str, repository: Path, variables: Mapping[str, str]) -> Ran:
    """The script of a job, in one shell, which ends with the first command that fails."""
    pipeline = load_plain((FOLDER / "gitlab-ci.yml").read_bytes())
    job = {**pipeline[pipeline[name]["extends"]], **pipeline[name]}
    own = {**pipeline["variables"], **job.get("variables", {})}
    script = "\n".join([*job["before_script"], *job["script"]])
    texts = {key: str(value) for key, value in own.items()}
    return _bash(["-eo", "pipefail"], script, repository, {**texts, **variables})


def _bash(options: Sequence[str], script: str, folder: Path, variables: Mapping[str, str]) -> Ran:
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", *options, "-c", script],
        cwd=folder,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def _evaluated(value: Any, expressions: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: expressions[found[1]], str(value))
