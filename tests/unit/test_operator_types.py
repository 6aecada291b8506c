"""The types that OPERATOR becomes, where the real catalogue and golden cases have no such case."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from dagc.compiler.compilation import compile_rows, read_rows
from dagc.compiler.rows.operator_types import WITHOUT_RESULT, with_operators
from dagc.compiler.schema.checks import SchemaError
from dagc.compiler.schema.no_results import ALWAYS, compile_no_results
from dagc.compiler.signatures.operators import INDEX, Operators
from dagc.compiler.targets import TARGETS, Target
from dagc.compiler.toolchain import Toolchain
from tests.properties.compiling import toolchain

TARGET = Target(3, 0)
JOB = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "0,1"}


def _tools(operators: Operators, *approved: str) -> Toolchain:
    tools = toolchain(TARGET)
    types = {
        name: with_operators(each, operators, approved, TARGET)
        for name, each in tools.types.items()
    }
    return tools._replace(types=types, operators=operators)


def _task(number: int, operator: str, **arguments: object) -> dict[str, object]:
    params = {"operator": operator, "arguments": arguments}
    name = {"task_id": f"{number}", "task_name": f"t{number}"}
    return {**name, "task_type": "OPERATOR", "task_params": params}


def _catalogue(folder: Path, *modules: str) -> Operators:
    """A catalogue in which each of `modules` has a class `Load`, whose `day` is required."""
    path = folder / "operators.zip"
    signature = {
        "package": "p", "arguments": {"day": "required templated string"}, "deferrable": False,
        "sensor": False, "template_ext": [], "replaced_by": "",
    }  # fmt: skip
    everywhere = {str(target): list(range(len(modules))) for target in TARGETS}
    signatures = [{**signature, "module": module} for module in modules]
    with ZipFile(path, "w") as archive:
        archive.writestr(INDEX, json.dumps({"names": {"Load": list(everywhere)}, "moved": {}}))
        content = {"signatures": signatures, "targets": everywhere}
        archive.writestr("Load.json", json.dumps(content))
    return Operators(path)


def test_a_name_that_several_classes_have_needs_its_path(tmp_path: Path) -> None:
    tools = _tools(_catalogue(tmp_path, "a.load", "b.load"))
    tasks = [_task(0, "Load", day="x"), _task(1, "b.load.Load", day="x")]
    [dag] = compile_rows(read_rows(tasks, [JOB], [], tools), tools)
    [problem] = dag.diagnostics
    assert problem.message == "2 operators are called 'Load'"
    assert problem.hint == "Write one of a.load.Load, b.load.Load."


def test_two_classes_of_one_name_have_two_names_in_a_file(tmp_path: Path) -> None:
    tools = _tools(_catalogue(tmp_path, "a.load", "b.load"))
    tasks = [_task(0, "a.load.Load", day="x"), _task(1, "b.load.Load", day="y")]
    [dag] = compile_rows(read_rows(tasks, [JOB], [], tools), tools)
    assert dag.text is not None
    assert "from a.load import Load\n" in dag.text
    assert "from b.load import Load as Load_2\n" in dag.text
    assert 't1 = Load_2(task_id="t1", day="y")' in dag.text


def test_a_class_that_is_called_as_one_of_the_files_own_gets_another_name(tmp_path: Path) -> None:
    tools = _tools(_catalogue(tmp_path), "acme.DAG")
    tasks = [_task(0, "acme.DAG"), _task(1, "DAG")]
    [dag] = compile_rows(read_rows(tasks, [JOB], [], tools), tools)
    assert dag.text is not None
    assert "from acme import DAG as DAG_2\n" in dag.text
    assert 't1 = DAG_2(task_id="t1")' in dag.text


def test_what_does_not_wait_does_not_defer() -> None:
    tools = toolchain(Target(2, 11))
    arguments = {"db_identifier": "a", "wait_for_completion": False}
    tasks = [
        _task(0, "RdsStartDbOperator", db_identifier="a"),
        _task(1, "RdsStartDbOperator", **arguments),
    ]
    [dag] = compile_rows(read_rows(tasks, [JOB], [], tools), tools)
    assert dag.text is not None
    assert dag.text.count("deferrable=True") == 1
    assert dag.text.count("deferrable=False") == 1


def test_of_an_airflow_without_a_catalogue_only_approved_classes_run(tmp_path: Path) -> None:
    path = tmp_path / "operators.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr(INDEX, json.dumps({"names": {}, "moved": {}}))
    tools = _tools(Operators(path), "acme.Own")
    tasks = [_task(0, "acme.Own"), _task(1, "BashOperator")]
    [dag] = compile_rows(read_rows(tasks, [JOB], [], tools), tools)
    [problem] = dag.diagnostics
    assert problem.message == "the catalogue of operators has none of Airflow 3.0"


def test_what_returns_nothing_as_a_type_returns_nothing_as_an_operator() -> None:
    types = toolchain(TARGET).types.values()
    classes = {name for each in types if each.returns_nothing == ALWAYS for name in each.imports}
    # Of several operators of BRANCH, and unless do_xcom_push says otherwise, which rows cannot.
    assert classes | {"BranchSQLOperator", "EksPodOperator", "KubernetesPodOperator"} == (
        WITHOUT_RESULT
    )


def test_a_reason_to_return_nothing_is_read_strictly() -> None:
    wrong: list[object] = [{"wen": {}}, {"when": {"b": "off"}}, {"when": {"a": "of"}}]
    for entry in wrong:
        with pytest.raises(SchemaError, match=r"returns_nothing\[0\]"):
            compile_no_results([entry], {"a"})
