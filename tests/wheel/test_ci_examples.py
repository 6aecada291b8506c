"""The examples for GitHub Actions and GitLab CI do what they say: each command as it stands, by
the wheel, in a git repository with two branches. The APIs are a server of the test's.
"""

import json
import subprocess
from pathlib import Path
from shutil import copytree
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from dagc.compiler import load_plain
from tests.wheel.ci_examples import FOLDER, Ran, github_job, gitlab_job
from tests.wheel.forge import OTHER, Forge, forge
from tests.wheel.installed import Installed


class Repository:
    """A team's repository, and what runners check out of it."""

    def __init__(self, folder: Path, team: Path) -> None:
        self.folder = folder / "repository"
        copytree(team, self.folder / "warehouse")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("Rows")
        self.git("checkout", "--quiet", "-b", "edit")

    def git(self, *words: str | Path, folder: Path | None = None) -> str:
        """What git prints."""
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        command = ["git", *who, *map(str, words)]
        where = folder or self.folder
        return subprocess.run(
            command, cwd=where, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, message: str) -> None:
        """Everything, as it is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, table: str, old: str, new: str) -> None:
        """A commit on the branch of the request."""
        path = self.folder / "warehouse" / "rows" / f"{table}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.commit(f"{old} is {new}")

    def checkout(self, to: Path, *, merged: bool) -> Path:
        """The head of the request, in a folder of its own; or what its merge would be."""
        self.git("clone", "--quiet", self.folder, to)
        if merged:
            self.git("checkout", "--quiet", "--detach", "origin/main", folder=to)
            self.git("merge", "--quiet", "--no-ff", "-m", "Merge", "origin/edit", folder=to)
        return to


@pytest.fixture
def repository(installed: Installed, tmp_path: Path) -> Repository:
    return Repository(tmp_path, installed.team)


class Runner(NamedTuple):
    """A machine on which jobs of one request run, one after another."""

    repository: Repository
    installed: Installed
    server: Forge
    folder: Path

    def github(self, run: str) -> Ran:
        """A run of the job `plan`."""
        temporary = self.folder / run
        temporary.mkdir()
        checkout = self.repository.checkout(self.folder / f"{run}-checkout", merged=True)
        variables = {
            **self.installed.runner_variables(temporary),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
            "GITHUB_API_URL": self.server.url,
            "GITHUB_REPOSITORY": "acme/warehouse",
        }
        expressions = {"github.token": "a-token", "github.event.pull_request.number": "7"}
        return github_job("plan", checkout, variables, expressions)

    def gitlab(self, run: str) -> Ran:
        """A run of the job `plan`."""
        checkout = self.repository.checkout(self.folder / run, merged=False)
        self.repository.git("checkout", "--quiet", "edit", folder=checkout)
        variables = {
            **self.installed.runner_variables(self.folder),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.repository.git("rev-parse", "main"),
            "CI_API_V4_URL": f"{self.server.url}/api/v4",
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": "a-token",
        }
        return gitlab_job("plan", checkout, variables)


def test_a_pull_request_on_github(
    repository: Repository, installed: Installed, tmp_path: Path
) -> None:
    repository.edit("mwaa_task", "task_name: say_hello", "task_name: good_morning")
    with forge() as server:
        runner = Runner(repository, installed, server, tmp_path)
        ran = runner.github("first")
        assert ran.code == 0, ran.output
        assert server.comments[0] == OTHER
        [comment] = server.comments[1:]
        assert comment["body"].startswith("<!-- dagc plan: rows -->\n\n### dagc plan\n\n1 row: ")
        assert "job-hello" in comment["body"]
        assert (tmp_path / "first" / "summary").read_text("utf-8") == comment["body"]
        assert json.loads((tmp_path / "first" / "plan.sarif").read_text("utf-8"))["version"]
        repository.edit("mwaa_task", "task_name: good_morning", "task_nmae: good_morning")
        ran = runner.github("second")
        assert ran.code == 1, ran.output
        [comment] = server.comments[1:]
        assert "error[missing-attribute]" in comment["body"]
        assert [method for method, _ in server.requests] == ["GET", "POST", "GET", "PATCH"]
    [run] = json.loads((tmp_path / "second" / "plan.sarif").read_text("utf-8"))["runs"]
    found = run["results"][0]
    file = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (found["ruleId"], file) == ("missing-attribute", "warehouse/rows/mwaa_task.yaml")


def test_a_merge_request_on_gitlab(
    repository: Repository, installed: Installed, tmp_path: Path
) -> None:
    repository.edit("mwaa_task", "task_name: say_hello", "task_name: good_morning")
    with forge() as server:
        runner = Runner(repository, installed, server, tmp_path)
        ran = runner.gitlab("first")
        assert ran.code == 0, ran.output
        assert server.comments[0] == OTHER
        [note] = server.comments[1:]
        assert note["body"] == (tmp_path / "first" / "plan.markdown").read_text("utf-8")
        repository.edit("mwaa_task", "task_name: good_morning", "task_nmae: good_morning")
        ran = runner.gitlab("second")
        assert ran.code == 1, ran.output
        assert "error[missing-attribute]" in server.comments[1]["body"]
        assert [method for method, _ in server.requests] == ["GET", "POST", "GET", "PUT"]
    suites = ET.parse(tmp_path / "second" / "plan.junit").getroot()
    assert suites.get("failures") == "1"


def test_permissions_are_few_and_actions_have_a_major_version() -> None:
    workflow = load_plain((FOLDER / "github-actions.yaml").read_bytes())
    assert workflow["permissions"] == {}
    writes = {
        name: [it for it, how in job["permissions"].items() if how == "write"]
        for name, job in workflow["jobs"].items()
    }
    assert writes == {"plan": ["pull-requests", "security-events"], "apply": ["id-token"]}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(name.rpartition("@v")[2].isdecimal() for name in used)
