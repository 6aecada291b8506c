"""A real `sam build` and `sam deploy` of this project to the local AWS, shown as they go."""

import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from dagc.compiler.targets import DEFAULT
from demo.local_aws import LocalAws
from demo.stack import Stack, described
from demo.unexpected import UnexpectedError

ROOT = Path(__file__).resolve().parent.parent
SAM = ROOT / ".venv" / "tools" / "sam" / "bin" / "sam"
EXAMPLES = ROOT / "examples"
"""The team's folder of the demo."""
ENVIRONMENT = "dev"
STACK_NAME = f"dagc-{ENVIRONMENT}"

# ministack runs functions on its own interpreter, which is ours: the package is built for that one.
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


def build(aws: LocalAws, console: Console, team: Path = EXAMPLES) -> Path:
    """Build the package with a team's folder, outside `.aws-sam`, which is the user's; return the
    built template.
    """
    _require_sam()
    folder = aws.folder / "build"
    command = [str(SAM), "build", "--build-in-source"]
    command += ["--template-file", str(ROOT / "template.yaml"), "--build-dir", str(folder)]
    _run(
        "sam build",
        command,
        {**aws.environment, "PYTHON": sys.executable, "TEAM": str(team)},
        console,
    )
    return folder / "template.yaml"


def deploy(aws: LocalAws, template: Path, console: Console, airflow: str = DEFAULT) -> Stack:
    """Deploy the built template as the environment dev of samconfig.toml, for that Airflow."""
    command = [str(SAM), "deploy", "--template-file", str(template)]
    command += ["--config-file", str(ROOT / "samconfig.toml"), "--config-env", ENVIRONMENT]
    command += ["--parameter-overrides", f"Environment={ENVIRONMENT}", f"PythonRuntime={RUNTIME}"]
    command += [f"AirflowVersion={airflow}"]
    # SAM asks CloudFormation every 5 s by default, to spare AWS; this one does not mind.
    _run("sam deploy", command, {**aws.environment, "SAM_CLI_POLL_DELAY": "0.3"}, console)
    return described(aws, STACK_NAME)


def _require_sam() -> None:
    if not SAM.exists():
        raise UnexpectedError(f"the SAM CLI at {SAM}", "nothing", "Run `make setup` first.")


def _run(title: str, command: Sequence[str], env: Mapping[str, str], console: Console) -> None:
    """Run, with the last line of output beside the spinner; raise with the end of it on failure."""
    tail: deque[str] = deque(maxlen=40)
    with (
        console.status(title) as status,
        subprocess.Popen(  # noqa: S603 - the command is ours
            command,
            cwd=ROOT,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            if text := " ".join(line.split()):
                tail.append(text)
                status.update(f"{title} [dim]{_shortened(text, console.width - 20)}[/dim]")
    if process.returncode:
        seen = f"exit code {process.returncode}"
        raise UnexpectedError(f"`{title}` to succeed", seen, "\n".join(tail))


def _shortened(text: str, width: int) -> str:
    shown = text if len(text) <= width else text[: width - 1] + "…"
    return shown.replace("[", r"\[")
