"""The built wheel, installed in an empty folder, gives a team every command."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from demo import files
from demo.dags import states
from demo.deploy import RUNTIME, SAM
from demo.local_aws import local_aws
from demo.rows import load, read_rows
from demo.stack import described
from demo.waiting import wait_until

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


class Installed:
    """A virtual environment with nothing but the wheel, and a team's folder that it has made."""

    def __init__(self, folder: Path) -> None:
        self.venv, self.team = folder / "venv", folder / "warehouse"
        wheels = folder / "wheels"
        _run([UV, "build", "--quiet", "--wheel", "--out-dir", wheels, ROOT], folder)
        [wheel] = wheels.glob("*.whl")
        _run([UV, "venv", "--quiet", "--python", sys.executable, self.venv], folder)
        _run([UV, "pip", "install", "--quiet", "--python", self.venv / "bin/python", wheel], folder)
        self.dagc("init", self.team, folder=folder)

    def dagc(
        self,
        *arguments: str | Path,
        folder: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> str:
        """What a command of dagc prints, by default in the team's folder."""
        command = [self.venv / "bin" / "dagc", *arguments]
        return _run(command, folder or self.team, variables)


def _run(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None
) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("team"))


def test_the_first_rows_compile(installed: Installed, tmp_path: Path) -> None:
    assert "2 DAGs valid." in installed.dagc("validate")
    installed.dagc("compile", "--out", tmp_path, folder=installed.team / "rows")
    assert {path.name for path in tmp_path.iterdir()} == {"job-hello.py", "schedule-daily.py"}


def test_the_runtime_holds_theirs_and_ours(installed: Installed, tmp_path: Path) -> None:
    installed.dagc("runtime", "build", "--out", tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert {"plugins.zip", "requirements.txt", "dags/pipelines/hello.py"} <= files


def test_deploy(installed: Installed) -> None:
    """The stack, by `dagc deploy` alone, with the team's defaults and a task type of its own."""
    types = installed.team / "templates" / "tasks"
    (types / "crawl.yaml").write_text(
        "type: CRAWL\n"
        "imports: {GlueCrawlerOperator: airflow.providers.amazon.aws.operators.glue_crawler}\n"
    )
    (types / "crawl.py.jinja").write_text(
        "{{ variable }} = GlueCrawlerOperator(task_id={{ task_id }}, config={'Name': 'lake'})\n"
    )
    with (installed.team / "rows" / "mwaa_task.yaml").open("a") as rows:
        rows.write('- {task_id: "3", task_name: crawl, task_type: CRAWL}\n')
    with (installed.team / "rows" / "mwaa_job.yaml").open("a") as rows:
        rows.write('    - {task_id: "3", pid: "2"}\n')
    config = installed.team / "samconfig.toml"
    text = config.read_text(encoding="utf-8").replace("python3.12", RUNTIME)
    config.write_text(text, encoding="utf-8")
    with local_aws() as aws:
        path = f"{SAM.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        installed.dagc("deploy", "--env", "dev", variables={**aws.environment, "PATH": path})
        stack = described(aws, "dagc-dev")
        load(stack, read_rows(installed.team / "rows"), Console(quiet=True))
        wait_until(
            lambda: states(stack),
            lambda found: found == {"job-hello": "published", "schedule-daily": "published"},
            "the first rows to be published",
        )
        assert "GlueCrawlerOperator(" in files.read(stack, "job-hello").text
