"""What `dagc runtime` makes of `airflow_runtime/`, and what is in that folder."""

import inspect
import io
import json
import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dagc.cli.archive import zipped
from dagc.cli.main import app
from dagc.cli.row_source import items_from_files
from dagc.cli.runtime_files import (
    PLUGINS,
    REQUIREMENTS,
    RuntimeFolderError,
    built_in_runtime,
    runtime_files,
)
from dagc.compiler.targets import TARGETS, Target
from docs.shipped import pinned

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "airflow"
IN_THE_IMAGE = {"amazon", "common-sql", "http", "postgres", "smtp", "standard"}
"""The providers that MWAA's images have (amazon requires http); `standard` from Airflow 3 on, and
used there alone.
"""
OF_ROWS = {"cncf"}
"""The providers that `dagc runtime publish` adds for rows that need them."""


def test_the_same_files_give_the_same_archive() -> None:
    files = {"b.py": b"2", "a/c.py": b"1" * 5000}
    archive = zipped(files)
    assert archive == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
        assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o644}
    assert archive != zipped({**files, "b.py": b"3"})


def test_when_a_file_was_written_does_not_matter(tmp_path: Path) -> None:
    target = TARGETS[0]
    folder = tmp_path / "runtime"
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / f"{target}.txt").write_text("x")
    plugin = folder / "plugins" / "p.py"
    plugin.parent.mkdir()
    plugin.write_text("1")
    before = runtime_files(folder, None, target, "dags")
    assert set(before) == {PLUGINS, REQUIREMENTS}
    plugin.unlink()
    plugin.write_text("1")
    compiled = plugin.parent / "__pycache__" / "p.cpython-312.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"")
    for stray in (".DS_Store", ".cache/a.json", "p.py.swp", "p.py~"):
        path = plugin.parent / stray
        path.parent.mkdir(exist_ok=True)
        path.write_text("left by a tool")
    (plugin.parent / "link.py").symlink_to(plugin)
    assert runtime_files(folder, None, target, "dags") == before


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_build_writes_what_mwaa_reads(target: Target, tmp_path: Path) -> None:
    options = ["--out", str(tmp_path), "--airflow", str(target), "--dags-prefix", "flows/x/"]
    options += ["--team", str(ROOT / "examples")]
    result = CliRunner().invoke(app, ["runtime", "build", *options])
    assert result.exit_code == 0, result.output
    written = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert {PLUGINS, REQUIREMENTS, "flows/.airflowignore", "flows/retail/quality.py"} <= written
    assert not [name for name in written if "__pycache__" in name]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--airflow", "1.9"], "No Airflow '1.9'."),
        (["--dags-prefix", "/dags/"], "--dags-prefix: '/dags/' is none."),
        (["--dags-prefix", "dags/../"], "--dags-prefix: 'dags/../' is none."),
        (["--team", "nowhere"], "--team: nowhere is no folder."),
    ],
)
def test_build_refuses(options: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["runtime", "build", "--out", str(tmp_path), *options])
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_a_team_brings_goes_beside_ours(tmp_path: Path) -> None:
    own = tmp_path / "airflow"
    own.mkdir()
    (own / "requirements.txt").write_text("# ours\npandas==2.2.3\n")
    (own / "plugins").mkdir()
    (own / "plugins" / "ours.py").write_text("x = 1")
    target = Target(3, 0)
    alone = runtime_files(built_in_runtime(), None, target, "dags")
    both = runtime_files(built_in_runtime(), tmp_path, target, "dags")
    assert both[REQUIREMENTS].startswith(alone[REQUIREMENTS].rstrip())
    assert both[REQUIREMENTS].decode().endswith("pandas==2.2.3\n")
    with zipfile.ZipFile(io.BytesIO(both[PLUGINS])) as plugins:
        assert {"ours.py", "dagc_run_history.py"} <= set(plugins.namelist())


def test_a_teams_constraints_stand_in_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "airflow").mkdir()
    (tmp_path / "airflow/requirements.txt").write_text('--constraint "/local/c.txt"\n--no-index\n')
    text = runtime_files(built_in_runtime(), tmp_path, Target(3, 0), "dags")[REQUIREMENTS].decode()
    assert re.findall(r"^--constraint .*$", text, re.MULTILINE) == ['--constraint "/local/c.txt"']
    assert "--no-index" in text.splitlines()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("requirements.txt", "Apache_Airflow.providers-slack==1\n", "keep that"),
        ("plugins/dagc_run_history.py", "", "rename yours"),
    ],
)
def test_what_contradicts_ours_is_refused(tmp_path: Path, file: str, text: str, said: str) -> None:
    path = tmp_path / "airflow" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(RuntimeFolderError, match=said):
        runtime_files(built_in_runtime(), tmp_path, Target(3, 0), "dags")


def _requirements(target: str) -> tuple[str, dict[str, str]]:
    """The constraint, and the pins by package."""
    lines = (built_in_runtime() / "requirements" / f"{target}.txt").read_text().splitlines()
    constraint, *pins = (line for line in lines if not line.startswith("#"))
    return constraint, dict(pin.split("==") for pin in pins)


@pytest.mark.parametrize("target", [str(target) for target in TARGETS])
def test_requirements_are_pinned_and_constrained(target: str) -> None:
    constraint, pins = _requirements(target)
    assert pins
    # MWAA looks for exactly this word, and takes constraints of its own where it finds none.
    found = re.fullmatch(
        r'--constraint ".*/constraints-([\d.]+)/constraints-([\d.]+).txt"', constraint
    )
    assert found
    airflow, python = found.groups()
    assert airflow.startswith(f"{target}.")
    assert python == ("3.11" if target == "2.10" else "3.12")


def test_requirements_are_those_of_the_airflow_that_mwaa_offers() -> None:
    template = (ROOT / "template.yaml").read_text()
    offered = dict(re.findall(r'^    "(\d\.\d+)": \{Version: ([\d.]+)\}$', template, re.MULTILINE))
    assert set(offered) == {"2.10", "2.11", "3.0"}
    for target, version in offered.items():
        assert f"constraints-{version}/" in _requirements(target)[0]


@pytest.mark.parametrize("target", ["2.11", "3.0", "3.3"])
def test_the_airflow_of_the_tests_has_them(target: str) -> None:
    installed = pinned(ROOT / "requirements" / f"airflow-{target}.txt")
    assert _requirements(target)[1].items() <= installed.items()


def test_each_provider_that_generated_files_import_is_there() -> None:
    sources = [
        *(ROOT / "dag_templates").rglob("*.*"),
        *(ROOT / "functions" / "dagc" / "compiler" / "rendering").glob("*.py"),
    ]
    text = "".join(path.read_text() for path in sources if path.suffix not in {".pyc", ".zip"})
    imported = set(re.findall(r"airflow\.providers\.(common\.\w+|\w+)\.", text))
    assert {"amazon", "common.sql"} <= imported
    wanted = {name.replace(".", "-") for name in imported} - IN_THE_IMAGE - OF_ROWS
    for target in map(str, TARGETS):
        required = _requirements(target)[1]
        assert {f"apache-airflow-providers-{name}" for name in wanted} <= required.keys()


@pytest.fixture
def callables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DAG folder's modules can be imported, as in Airflow."""
    monkeypatch.syspath_prepend(EXAMPLES / "dags")


def _calls() -> Iterator[dict[str, Any]]:
    """The parameters of each PYTHON task of the examples, in each job that has its own."""
    items, _, _ = items_from_files(ROOT / "examples" / "rows")
    tasks = {task["task_id"]: task for task in items.tasks if task["task_type"] == "PYTHON"}
    for task_id, task in tasks.items():
        params = _plain(task["task_params"])
        yield params
        for job in items.jobs:
            configs = _plain(job.get("job_task_configs", {}))
            if isinstance(configs, list):
                configs = {config["task_id"]: config for config in configs}
            yield {**params, **configs.get(task_id, {}).get("params", {})}


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@pytest.mark.usefixtures("callables")
def test_each_callable_of_the_examples_takes_its_arguments() -> None:
    calls = list(_calls())
    assert len(calls) > 3
    for call in calls:
        module, _, name = call["callable"].partition(":")
        signature = inspect.signature(getattr(import_module(module), name))
        of_context = signature.parameters.keys() & {"ds"}
        signature.bind(**call["op_kwargs"], **dict.fromkeys(of_context, "2026-11-01"))


@pytest.mark.usefixtures("callables")
def test_airflow_does_not_parse_the_modules_of_the_examples() -> None:
    ignored = (EXAMPLES / "dags" / ".airflowignore").read_text().splitlines()
    packages = {call["callable"].partition(".")[0] for call in _calls()}
    assert {f"{package}/" for package in packages} <= set(ignored)


def test_the_packages_of_the_operators_in_rows_are_added(tmp_path: Path) -> None:
    names = ("SSHOperator", "RdsStartDbOperator", "SlackAPIPostOperator", "No", "MongoToS3Operator")
    pod = {"image": "alpine:3.20", "cluster_name": "retail"}
    rows = tmp_path / "team" / "rows"
    rows.mkdir(parents=True)
    tasks = [
        {
            "task_id": str(task_id),
            "task_name": f"t{task_id}",
            "task_type": "OPERATOR",
            "task_params": {"operator": operator},
        }
        for task_id, operator in enumerate(names)
    ]
    tasks.append(
        {"task_id": "5", "task_name": "pod", "task_type": "KUBERNETES-POD", "task_params": pod}
    )
    (rows / "mwaa_task.json").write_text(json.dumps(tasks))
    out = str(tmp_path / "out")
    for options in (["--rows", str(rows)], ["--team", str(rows.parent)]):
        result = CliRunner().invoke(app, ["runtime", "build", "--out", out, *options])
        assert result.exit_code == 0, result.output
        text = (tmp_path / "out" / REQUIREMENTS).read_text()
        added = [f"apache-airflow-providers-{name}" for name in ("cncf-kubernetes", "mongo", "ssh")]
        assert text.splitlines()[-4:] == ["# Of the operators that rows name:", *added]
