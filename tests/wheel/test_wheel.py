"""The built wheel, installed in an empty folder, gives a team every command."""

import os
import sys
from pathlib import Path
from shutil import copytree

from rich.console import Console

from demo import files
from demo.dags import states
from demo.deploy import RUNTIME, SAM
from demo.local_aws import local_aws
from demo.rows import load, read_rows
from demo.stack import described
from demo.waiting import wait_until
from tests.wheel.ci_examples import github_job, gitlab_job
from tests.wheel.installed import Installed


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


def test_deploy(installed: Installed, tmp_path: Path) -> None:
    """The stack, by `dagc deploy` alone, with the team's defaults and a task type of its own; then
    rows that are merged, by the jobs `apply` of the examples for CI.
    """
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
        copytree(installed.team, tmp_path / "warehouse")
        merged = tmp_path / "warehouse" / "rows" / "mwaa_task.yaml"
        variables = {**aws.environment, **installed.runner_variables(tmp_path), "STACK": "dagc-dev"}
        for name, run in (("by_github", github_job), ("by_gitlab", gitlab_job)):
            text = merged.read_text(encoding="utf-8")
            merged.write_text(text.replace("Hello on", f"{name}: Hello on"), encoding="utf-8")
            ran = run("apply", tmp_path, variables)
            assert ran.code == 0, ran.output
            assert f"{name}: " in files.read(stack, "job-hello").text
