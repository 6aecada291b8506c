"""`make deploy` and its companions: the right configuration, the right build, and no accident."""

import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dagc.aws import clients
from dagc.cli.main import app
from tests.stack.template import ROOT, parsed

ENVIRONMENTS = ["dev", "uat", "prod"]
CONFIGURATION: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text())


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What `make` would do."""
    return subprocess.run(
        ["make", "--dry-run", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=False,
    )


def parameters(environment: str) -> dict[str, str]:
    overrides = CONFIGURATION[environment]["deploy"]["parameters"]["parameter_overrides"]
    return dict(override.split("=", 1) for override in overrides)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_configuration_fits_the_template(environment: str) -> None:
    chosen = parameters(environment)
    assert chosen["Environment"] == environment
    for name, value in chosen.items():
        allowed = parsed()["Parameters"][name].get("AllowedValues", [value])
        assert value in map(str, allowed), name
    settings = CONFIGURATION[environment]["deploy"]["parameters"]
    assert settings["stack_name"] == f"dagc-{environment}"
    assert settings["capabilities"] == "CAPABILITY_IAM"
    assert settings["confirm_changeset"] is (environment == "prod")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_sources_that_were_not_built_are_not_deployed(environment: str) -> None:
    settings = CONFIGURATION[environment]["deploy"]["parameters"]
    assert settings["template_file"] == ".aws-sam/build/template.yaml"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_deploy_builds_what_the_stack_runs(environment: str, tmp_path: Path) -> None:
    for name in ("uv", "sam"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "ARCHITECTURE=$ARCHITECTURE {name} $@"\n')
        program.chmod(0o755)
    done = subprocess.run(
        [Path(sys.executable).with_name("dagc"), "deploy", "--env", environment],
        env={**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    chosen = parameters(environment)
    order = [
        rf"uv venv .*--python {re.escape(chosen['PythonRuntime'])} ",
        rf"ARCHITECTURE={chosen['Architecture']} sam build --build-in-source ",
        rf"sam deploy --config-file \S+/samconfig.toml --config-env {environment} ",
    ]
    found = [re.search(pattern, done.stdout) for pattern in order]
    assert all(found), done.stdout
    places = [match.start() for match in found if match]
    assert places == sorted(places)
    assert f"dagc deploy --env {environment} --team x" in make(
        "deploy", f"ENV={environment}", "TEAM=x"
    ).stdout.replace("\\\n", " ")


@pytest.mark.parametrize("target", ["deploy", "runtime", "rebuild", "redrive"])
@pytest.mark.parametrize("given", [[], ["ENV="], ["ENV=staging"], ["ENV=dev uat"], ["ENV=%"]])
def test_an_unknown_environment_is_refused(target: str, given: list[str]) -> None:
    found = make(target, *given)
    assert found.returncode != 0
    assert f"make {target} ENV=… with one of dev uat prod" in found.stderr
    assert "sam deploy" not in found.stdout
    assert "dagc re" not in found.stdout
    assert "dagc runtime" not in found.stdout
    assert "dagc deploy" not in found.stdout


@pytest.mark.parametrize(
    ("arguments", "function", "payload"),
    [
        (["rebuild"], "dagc-uat-rebuild", "{}"),
        (["rebuild", "REMOVE=all"], "dagc-uat-rebuild", '{"remove": "all"}'),
        (["redrive"], "dagc-uat-redrive", "{}"),
    ],
)
def test_the_functions_are_called_once_and_waited_for(
    arguments: list[str], function: str, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    client = clients.make_patient_client("lambda")
    assert client.meta.config.retries["total_max_attempts"] == 1
    assert client.meta.config.read_timeout is None
    calls = []

    class Lambda:
        """As far as a command knows it."""

        @staticmethod
        def invoke(**call: Any) -> dict[str, Any]:
            calls.append(call)
            return {"Payload": io.BytesIO(b'{"done": 1}')}

    monkeypatch.setattr(clients, "make_patient_client", lambda _: Lambda)
    [command] = re.findall(r"dagc (re\w+ .*)", make(*arguments, "ENV=uat").stdout)
    result = CliRunner().invoke(app, shlex.split(command))
    assert (result.exit_code, result.stdout) == (0, '{"done": 1}\n')
    assert calls == [{"FunctionName": function, "Payload": payload.encode()}]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_runtime_goes_where_the_stack_says(environment: str) -> None:
    name = CONFIGURATION[environment]["deploy"]["parameters"]["stack_name"]
    said = make("runtime", f"ENV={environment}").stdout
    assert f"dagc runtime publish --stack {name}" in said
    assert "--update" not in said
    assert (
        "--update --force"
        in make("runtime", f"ENV={environment}", "UPDATE=yes", "FORCE=yes").stdout
    )
