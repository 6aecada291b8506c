"""Every file is in black's layout, and a linter finds nothing in it, whatever its names are."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.targets import Target
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, compile_items, toolchain
from tests.properties.hostile import LEGAL_TEXTS
from tests.properties.real_names import REAL_NAMES

TYPES: list[tuple[str, dict[str, Any]]] = [
    ("EMPTY", {}),
    ("BASH", {"bash_command": "true"}),
    ("PYTHON", {"callable": "retail.quality:check"}),
    ("PYTHON", {"callable": "retail.quality:check", "op_kwargs": {"region": "eu", "days": 7}}),
    ("SQL", {"sql": "SELECT 1", "conn_id": "dwh"}),
    ("SQL", {"sql": "queries/load.sql", "conn_id": "dwh"}),
    ("REDSHIFT-SQL", {"sql": "DELETE FROM a;\nINSERT 1", "workgroup_name": "www", "database": "d"}),
]


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[Any], list[Any], list[Any]]:
    """Tasks in one or two jobs of one scheduler, in any order, with keys and names of any kind."""
    names = draw(st.lists(REAL_NAMES, min_size=1, max_size=7, unique=True))
    ids = draw(st.lists(LEGAL_TEXTS.map(_key), min_size=9, max_size=9, unique=True))
    tasks = [
        {"task_id": f"t{key}", "task_name": name, "task_type": kind, "task_params": params}
        for key, name in zip(ids, names, strict=False)
        for kind, params in [draw(st.sampled_from(TYPES))]
    ]
    keys = [task["task_id"] for task in tasks]
    dependencies = [
        {"task_id": key, "pid": draw(st.lists(st.sampled_from(keys[:index]), unique=True))}
        for index, key in enumerate(keys)
        if index
    ]
    job_names = draw(st.lists(REAL_NAMES, min_size=2, max_size=2, unique=True))
    jobs = [
        {
            "job_type": ids[7], "job_id": f"j{ids[number]}", "job_name": name,
            "task_list": keys, "job_task_dependencies": dependencies,
        }
        for number, name in enumerate(job_names)
    ]  # fmt: skip
    scheduler = {
        "schedule_id": f"s{ids[8]}",
        "schedule_name": draw(REAL_NAMES),
        "job_list": [job["job_id"] for job in jobs],
        "schedule_params": {"schedule_interval": "@daily"},
        "schedule_job_configs": {jobs[0]["job_id"]: {"conf": {"a": "b" * 60}}},
    }
    return tasks, jobs, [scheduler]


def _key(text: str) -> str:
    return text.replace(",", "")[:200].strip()


@settings(max_examples=EXAMPLES // 2)
@given(rows(), st.sampled_from(ALL_TARGETS))
def test_black_keeps_each_file(drawn: Any, target: Target) -> None:
    for text in _texts(drawn, target):
        assert_black_stable(text)


@settings(max_examples=EXAMPLES // 20, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(rows(), st.sampled_from(ALL_TARGETS)), min_size=8, max_size=8))
def test_a_linter_finds_nothing(drawn: list[tuple[Any, Target]]) -> None:
    texts = [text for items, target in drawn for text in _texts(items, target)]
    assert findings(texts) == []


def findings(texts: list[str]) -> list[str]:
    """What ruff finds in these files that a person should mend."""
    with TemporaryDirectory() as folder:
        files = {str(Path(folder, f"dag_{number}.py")): text for number, text in enumerate(texts)}
        for path, text in files.items():
            Path(path).write_bytes(text.encode())
        done = subprocess.run([*RUFF, folder], capture_output=True, check=False, text=True)
    return [
        f"{finding['code']} {finding['message']}"
        for finding in json.loads(done.stdout)
        if not _is_right(finding, files[finding["filename"]])
    ]


RUFF = [
    *(sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet"),
    *("--ignore-noqa", "--output-format=json", "--select=AIR,B,E,ERA,F,I,SIM,W"),
    # black has broken and trimmed all that is code. What is left are the texts of rows, which stay
    # whole and as they are.
    # A DAG and a group that holds all its tasks are two things, each with a `with` (SIM117).
    "--ignore=E501,SIM117,W291,W293,W605",
]


def _is_right(finding: Any, text: str) -> bool:
    """Whether a finding is not to be mended: a path of Airflow 3 in a file for 2, a variable that
    cannot be called as its task, since that is no name, Python's, or another one's, or is called as
    its task and the groups around it.
    """
    if finding["code"].startswith("AIR3"):
        return "for Airflow 2." in text.split("\n", 2)[1]
    if finding["code"] != "AIR001":
        return False
    row = finding["location"]["row"]
    task_id = finding["message"].split('"')[1]
    variable = text.split("\n")[row - 1].strip().partition(" = ")[0]
    if variable.endswith(f"_{task_id}") and "with TaskGroup(" in text:
        return True
    others = {
        node.id if isinstance(node, ast.Name) else getattr(node, "name", "")
        for node in ast.walk(ast.parse(text))
        if getattr(node, "lineno", row) != row
    }
    return _cannot_be_a_name(task_id) or task_id in {*others, "chain"}


def _cannot_be_a_name(task_id: str) -> bool:
    from dagc.compiler.python_source.identifiers import Namespace

    return Namespace(()).variable(task_id) != task_id


def _texts(drawn: Any, target: Target) -> list[str]:
    tasks, jobs, schedulers = drawn
    artifacts = compile_items(tasks, jobs, schedulers, toolchain(target))
    problems = [d for artifact in artifacts for d in artifact.diagnostics]
    assert not has_errors(problems), problems
    return [str(artifact.text) for artifact in artifacts]


def test_all_golden_files() -> None:
    files = sorted((Path(__file__).parents[1] / "golden").glob("*/*.py"))
    assert findings([path.read_text("utf-8") for path in files]) == []
