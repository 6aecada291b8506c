"""`dagc deploy`: builds the functions with a team's defaults and templates, and deploys the stack.

It copies the project's files and the team's into a folder of its own, and calls the AWS SAM CLI
there. Exit codes: 0 deployed, or nothing to change; 2 wrong usage; else that of SAM.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from dagc.cli.project import PACKAGE, project_folder
from dagc.cli.refusal import refuse, stderr
from dagc.cli.team import Team, team_folder

SAMCONFIG = "samconfig.toml"
LONGEST_STACK_NAME = 55
"""In characters: the functions' names begin with it, and Lambda takes 64."""


def deploy_command(
    env: Annotated[
        str, typer.Option(metavar="NAME", help="The section of samconfig.toml: dev, uat, prod.")
    ],
    team: Team = None,
    python: Annotated[
        str,
        typer.Option(
            metavar="VERSION", help="What to build with. Default: the stack's PythonRuntime."
        ),
    ] = "",
) -> None:
    """Build the functions with the team's defaults and templates, and deploy the stack."""
    sam = shutil.which("sam")
    if sam is None:
        refuse("There is no `sam`. Install the AWS SAM CLI, e.g. `uv tool install aws-sam-cli`.")
    folder = team_folder(team)
    config = _config_file(folder)
    settings = deploy_settings(config, env)
    parameters = stack_parameters(settings)
    with TemporaryDirectory(prefix="dagc-deploy-") as stage:
        template = _staged(Path(stage))
        interpreter = _interpreter(Path(stage), python or parameters.get("PythonRuntime", ""))
        built = Path(stage) / "build"
        build: list[str | Path] = [sam, "build", "--build-in-source", "--template-file", template]
        variables = {
            "TEAM": str(folder or ""),
            "PYTHON": str(interpreter),
            "ARCHITECTURE": parameters.get("Architecture", "x86_64"),
        }
        _run([*build, "--build-dir", built], variables)
        deploy: list[str | Path] = [sam, "deploy", "--config-file", config, "--config-env", env]
        _run([*deploy, "--template-file", built / "template.yaml"])


def deploy_settings(config: Path, env: str) -> dict[str, Any]:
    """What a section of samconfig.toml says of `sam deploy`; ends with exit code 2 without one, or
    where AWS would refuse the stack's name, minutes later.
    """
    try:
        content: dict[str, Any] = tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        refuse(f"{config}: {error}")
    section = content.get(env)
    if not isinstance(section, dict):
        known = ", ".join(
            sorted(
                name
                for name, entry in content.items()
                if name != "default" and isinstance(entry, dict)
            )
        )
        refuse(f"{config} has no section {env!r}: it has {known}.")
    settings: dict[str, Any] = section.get("deploy", {}).get("parameters", {})
    name = str(settings.get("stack_name", ""))
    if len(name) > LONGEST_STACK_NAME:
        refuse(
            f"{config}: the stack_name {name} has {len(name)} characters. It can have "
            f"{LONGEST_STACK_NAME}: Lambda takes 64 for {name}-compiler."
        )
    return settings


def stack_parameters(settings: Mapping[str, Any]) -> dict[str, str]:
    """The stack's parameters, by name, in what samconfig.toml says of `sam deploy`."""
    given = settings.get("parameter_overrides", [])
    pairs = shlex.split(given) if isinstance(given, str) else given
    return dict(str(pair).split("=", maxsplit=1) for pair in pairs if "=" in str(pair))


def _config_file(team: Path | None) -> Path:
    own = team / SAMCONFIG if team else None
    return own if own and own.is_file() else project_folder() / SAMCONFIG


def _staged(stage: Path) -> Path:
    """Copies what SAM builds from into `stage`; returns the template's path."""
    project, functions = project_folder(), stage / "functions"
    made = shutil.ignore_patterns("__pycache__", "precompiled", "project", "*.egg-info")
    shutil.copytree(project / "dag_templates", stage / "dag_templates", ignore=made)
    shutil.copytree(PACKAGE, functions / "dagc", ignore=made)
    for name in ("Makefile", "requirements.txt"):
        shutil.copyfile(project / "functions" / name, functions / name)
    return Path(shutil.copyfile(project / "template.yaml", stage / "template.yaml"))


def _interpreter(stage: Path, wanted: str) -> Path:
    """A Python with pip, in a virtual environment in `stage`: the one that is wanted, if it can be
    had, and otherwise this one. A package built by another starts more slowly.
    """
    venv = stage / "python"
    uv, found = shutil.which("uv"), shutil.which(wanted) if wanted else None
    if uv:
        _run([uv, "venv", "--quiet", "--seed", "--python", wanted or sys.executable, venv])
    else:
        if wanted and not found:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            stderr.print(f"There is no {wanted} here, nor uv, which finds one: built by {version}.")
        _run([found or sys.executable, "-m", "venv", venv])
    return venv / "bin" / "python"


def _run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Runs a command, its output shown; ends with its exit code if it fails."""
    done = subprocess.run(  # noqa: S603  the command is ours
        command, env={**os.environ, **(environment or {})}, check=False
    )
    if done.returncode:
        raise typer.Exit(done.returncode)
