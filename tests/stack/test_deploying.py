"""`make deploy` and its companions: the right configuration, the right build, and no accident."""

import os
import re
import subprocess
import tomllib
from typing import Any

import pytest

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
def test_deploy_builds_what_the_stack_runs(environment: str) -> None:
    said = make("deploy", f"ENV={environment}").stdout.replace("\\\n", " ")
    chosen = parameters(environment)
    order = [
        rf"uv venv .*--python {re.escape(chosen['PythonRuntime'])} ",
        rf"ARCHITECTURE={chosen['Architecture']} .*sam build --config-env {environment}\n",
        rf"sam deploy --config-env {environment}\n",
    ]
    found = [re.search(pattern, said) for pattern in order]
    assert all(found), said
    places = [match.start() for match in found if match]
    assert places == sorted(places)


@pytest.mark.parametrize("target", ["deploy", "runtime", "rebuild", "redrive"])
@pytest.mark.parametrize("given", [[], ["ENV="], ["ENV=staging"], ["ENV=dev uat"], ["ENV=%"]])
def test_an_unknown_environment_is_refused(target: str, given: list[str]) -> None:
    found = make(target, *given)
    assert found.returncode != 0
    assert f"make {target} ENV=… with one of dev uat prod" in found.stderr
    assert "sam deploy" not in found.stdout
    assert "lambda invoke" not in found.stdout
    assert "dagc runtime" not in found.stdout


@pytest.mark.parametrize(
    ("arguments", "function", "payload"),
    [
        (["rebuild"], "dagc-uat-rebuild", "'{}'"),
        (["rebuild", "REMOVE=all"], "dagc-uat-rebuild", """'{"remove": "all"}'"""),
        (["redrive"], "dagc-uat-redrive", "'{}'"),
    ],
)
def test_the_functions_are_called_once_and_waited_for(
    arguments: list[str], function: str, payload: str
) -> None:
    said = make(*arguments, "ENV=uat").stdout
    assert f"lambda invoke --function-name {function} --payload {payload}" in said
    assert "AWS_MAX_ATTEMPTS=1" in said
    assert "--cli-read-timeout 0" in said


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
