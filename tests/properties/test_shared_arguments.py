"""What moves to `default_args` changes no argument of any operator, as Airflow fills them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.rendering.shared_arguments import Calls, shared_arguments
from dagc.compiler.targets import TARGETS, Target
from dagc.compiler.task_types import SHARED_ARGUMENTS
from dagc.compiler.toolchain import Toolchain
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import Item, compile_items, toolchain
from tests.properties.generated_file import GeneratedFile, read_file

FEW = settings(max_examples=EXAMPLES // 4)
_PLACES = st.sampled_from(
    ["aaa", "bbb", "{{ ds }}", '{{ ds }}x"y', "{{ ds }}" + "long" * 20, "x" * 62]
)
_PARAMS = {
    "REDSHIFT-SQL": {"sql": "SELECT 1", "workgroup_name": "aaa", "database": "a"},
    "ATHENA-SQL": {"query": "SELECT 1", "database": "a"},
    "SQL": {"sql": "SELECT 1", "conn_id": "a"},
    "SPARK": {
        "application_id": "a",
        "execution_role_arn": "arn:aws:iam::123456789012:role/a",
        "entry_point": "s3://a/b.py",
    },
    "S3-SENSOR": {"bucket_key": "k", "bucket_name": "a"},
    "GLUE-JOB": {"job_name": "g"},
    "EMPTY": {},
}
_SHARED = {
    "REDSHIFT-SQL": ("workgroup_name", "database", "region_name", "aws_conn_id"),
    "ATHENA-SQL": ("database", "output_location", "region_name", "aws_conn_id"),
    "SQL": ("conn_id", "database"),
    "SPARK": ("application_id", "aws_conn_id"),
    "S3-SENSOR": ("bucket_name", "aws_conn_id"),
    "GLUE-JOB": ("region_name", "aws_conn_id"),
}


@st.composite
def _tasks(draw: st.DrawFn) -> list[Item]:
    tasks = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(_PARAMS)))
        names = draw(st.sets(st.sampled_from(_SHARED.get(kind, ("",))))) - {""}
        params = _PARAMS[kind] | {name: draw(_PLACES) for name in sorted(names)}
        if kind == "REDSHIFT-SQL" and draw(st.booleans()):
            params = {"sql": "SELECT 1", "conn_id": draw(_PLACES)}
        task = {"task_id": f"{number}", "task_name": f"t{number}", "task_type": kind}
        tasks.append({**task, "task_params": params})
    return tasks


@FEW
@given(tasks=_tasks(), target=st.sampled_from(TARGETS))
def test_each_operator_gets_what_it_would_get_without(tasks: list[Item], target: Target) -> None:
    tools = toolchain(target)
    alone = {name: each._replace(default_args=None) for name, each in tools.types.items()}
    kinds = {task["task_name"]: task["task_type"] for task in tasks}
    shared_file = _compiled(tasks, tools, check_layout=True)
    own_file = _compiled(tasks, tools._replace(types=alone))
    assert not own_file.dag["default_args"].keys() & set(SHARED_ARGUMENTS)
    for name, (operator, arguments) in own_file.tasks.items():
        [declared] = [
            each.default_args for each in tools.types.values() if each.name == kinds[name]
        ]
        assert declared is not None
        filled = _filled(shared_file, name, declared[operator])
        assert (operator, filled) == (operator, arguments)


def _compiled(tasks: list[Item], tools: Toolchain, *, check_layout: bool = False) -> GeneratedFile:
    job = {"job_type": "a", "job_id": "1", "job_name": "j"}
    ids = ",".join(task["task_id"] for task in tasks)
    [dag] = compile_items(tasks, [{**job, "task_list": ids}], tools=tools)
    assert dag.text is not None, dag.diagnostics
    if check_layout:
        assert_black_stable(dag.text)
    return read_file(dag.text)


def _filled(file: GeneratedFile, task: str, taken: frozenset[str]) -> Mapping[str, Any]:
    """The arguments of `task`, as Airflow fills them: what it takes and is not given."""
    defaults = file.dag["default_args"]
    return {name: defaults[name] for name in taken & defaults.keys()} | file.tasks[task][1]


def _redshift(number: int, **params: Any) -> Item:
    return {
        "task_id": f"{number}",
        "task_name": f"t{number}",
        "task_type": "REDSHIFT-SQL",
        "task_params": {**_PARAMS["REDSHIFT-SQL"], **params},
    }


def test_what_all_say_moves() -> None:
    file = _compiled([_redshift(1), _redshift(2)], toolchain())
    moved = {"workgroup_name": "aaa", "database": "a", "wait_for_completion": True}
    assert moved.items() <= file.dag["default_args"].items()
    assert set(file.tasks["t1"][1]) == {"sql"}


@pytest.mark.parametrize(
    "other",
    [
        _redshift(2, database="b"),
        {**_redshift(2), "task_params": {"sql": "VACUUM", "conn_id": "c"}},
        {**_redshift(2), "task_type": "ATHENA-SQL", "task_params": {"query": "x", "database": "b"}},
    ],
)
def test_what_one_would_get_and_does_not_say_stays(other: Item) -> None:
    file = _compiled([_redshift(1), other, _redshift(3)], toolchain())
    assert "database" not in file.dag["default_args"]
    assert file.tasks["t1"][1]["database"] == "a"


def test_one_task_keeps_its_arguments() -> None:
    other = {"task_id": "2", "task_name": "t2", "task_type": "EMPTY"}
    file = _compiled([_redshift(1), other], toolchain())
    assert not file.dag["default_args"].keys() & set(SHARED_ARGUMENTS)


@pytest.mark.parametrize(
    "values", [(1, True), (1, 1.0), ([1], [True]), ({"a": 0}, {"a": False}), ("a\nb", "a\nb")]
)
def test_what_python_finds_equal_is_not_the_same(values: tuple[Any, Any]) -> None:
    def shared(*values: Any) -> Any:
        calls = Calls({"mode": 0}, frozenset({"mode"}), [[value] for value in values])
        return shared_arguments([calls])

    assert shared(values[0], values[0]) in ({"mode": values[0]}, {})
    assert shared(*values) == {}


@pytest.mark.parametrize(
    ("declared", "shared"),
    [
        ("", set()),
        ("default_args: []", {"workgroup_name", "database", "deferrable"}),
        ("default_args: [database]", {"workgroup_name", "deferrable"}),
        ("default_args: {BashOperator: [deferrable]}", {"workgroup_name", "database"}),
    ],
)
def test_a_type_of_a_team_says_what_its_operator_takes(
    tmp_path: Path, declared: str, shared: set[str]
) -> None:
    folder = tmp_path / "templates" / "tasks"
    folder.mkdir(parents=True)
    imports = "imports: {BashOperator: airflow.providers.standard.operators.bash}"
    (folder / "own.yaml").write_text(f"type: OWN\n{imports}\n{declared}\n", encoding="utf-8")
    call = '{{ variable }} = BashOperator(task_id={{ task_id }}, bash_command="true")\n'
    (folder / "own.py.jinja").write_text(call, encoding="utf-8")
    tools, diagnostics = load_toolchain(Target(3, 0), "", tmp_path)
    assert tools is not None, diagnostics
    own = {"task_id": "3", "task_name": "t3", "task_type": "OWN"}
    file = _compiled([_redshift(1), _redshift(2), own], tools)
    names = {"workgroup_name", "database", "deferrable"}
    assert names & file.dag["default_args"].keys() == shared
