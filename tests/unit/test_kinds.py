"""Edits of the examples' rows, and what kind of change of which DAG comes out."""

import copy
from pathlib import Path
from typing import Any

import pytest

from dagc.changes.kinds.kinds import FileDifference, Kind, compare_files
from tests.golden.case import FOLDER
from tests.properties.example_rows import Files, example_tables, files_of

Tables = dict[str, list[dict[str, Any]]]
BEFORE = files_of(example_tables())
OLD = "build_daily_sales_mart"
TASK = """\
with DAG(
    dag_id="job-a",
    {dag}
):
    # Task 1 of mwaa_task
    a = {a}

    # Task 2 of mwaa_task
    b = {b}

    {order}
"""
A, B = 'Op(task_id="a", x=1)', 'Op(task_id="b", y=2)'


def _file(a: str = A, b: str = B, order: str = "a >> b", dag: str = "", above: str = "") -> str:
    return above + TASK.format(a=a, b=b, order=order, dag=dag)


def _in_group(tooltip: str = "", prefix: str = "False", above: str = "") -> str:
    """The same file, its second task in a group."""
    head = f'with TaskGroup("load", prefix_group_id={prefix}, {tooltip}):'
    opening = "    # Task 2 of mwaa_task\n"
    before, after = _file(above=above).split(opening)
    task, order = after.split("\n\n", maxsplit=1)
    return f"{before}    {head}\n    {opening}    {task}\n\n{order}"


def _edited(table: str, key: str, id_: str, **changes: Any) -> dict[str, FileDifference]:
    """The DAGs of the examples whose file differs once a row is changed, by id."""
    tables: Tables = copy.deepcopy(example_tables())
    [row] = [row for row in tables[table] if row[key] == id_]
    row.update(changes)
    after: Files = files_of(tables)
    return {
        dag_id: compare_files(before, after[dag_id] or "")
        for dag_id, before in BEFORE.items()
        if before is not None and after.get(dag_id, before) != before
    }


def _row(table: str, key: str, id_: str) -> dict[str, Any]:
    return copy.deepcopy(next(row for row in example_tables()[table] if row[key] == id_))


def test_retries() -> None:
    configs = {**_row("mwaa_job", "job_id", "20")["job_task_configs"], "301": {"retries": 5}}
    found = _edited("mwaa_job", "job_id", "20", job_task_configs=configs)
    assert found.keys() == {"job-mart_sales"}
    assert found["job-mart_sales"].found == {
        Kind.BEHAVIOUR: (
            "task build_daily_sales_mart: retries 0 → 5",
            "task build_daily_sales_mart: retry_delay (not set) → 2m",
        )
    }


def test_retries_of_all_tasks() -> None:
    params = {**_row("mwaa_job", "job_id", "20")["job_params"], "retries": 5}
    [difference] = _edited("mwaa_job", "job_id", "20", job_params=params).values()
    assert difference.found == {
        Kind.BEHAVIOUR: (
            "every task: retries 0 → 5",
            "every task: retry_delay (not set) → 2m",
        )
    }


def test_sql_in_a_constant_above_the_dag() -> None:
    params = _row("mwaa_task", "task_id", "301")["task_params"]
    params["sql"] = [text.replace("ds, -2", "ds, -7") for text in params["sql"]]
    [difference] = _edited("mwaa_task", "task_id", "301", task_params=params).values()
    assert difference.kinds == (Kind.SQL,)
    assert difference.found[Kind.SQL] == (
        "task build_daily_sales_mart: sql[0] +1 −1 lines",
        "task build_daily_sales_mart: sql[1] +1 −1 lines",
    )


def test_cron_and_zone() -> None:
    params = _row("mwaa_scheduler", "schedule_id", "2")["schedule_params"]
    params |= {"schedule_interval": "0 5 * * *", "timezone": "Europe/Lisbon"}
    found = _edited("mwaa_scheduler", "schedule_id", "2", schedule_params=params)
    assert found["schedule-stores_europe_close"].found == {
        Kind.SCHEDULE: (
            "timezone: Europe/Berlin → Europe/Lisbon",
            "schedule: 0 0 * * * → 0 5 * * *",
            "start_date: 2024-01-01 Europe/Berlin → 2024-01-01 Europe/Lisbon",
        )
    }


def test_dependency() -> None:
    order = [*_row("mwaa_job", "job_id", "20")["job_task_dependencies"]]
    order.append({"task_id": "302", "pid": "301"})
    [difference] = _edited("mwaa_job", "job_id", "20", job_task_dependencies=order).values()
    assert difference.found == {
        Kind.STRUCTURE: ("build_daily_sales_mart >> build_category_sales_mart is new",)
    }


def test_a_task_that_is_called_otherwise_loses_its_history() -> None:
    [difference] = _edited("mwaa_task", "task_id", "301", task_name="daily_sales").values()
    assert difference.found == {
        Kind.STRUCTURE: (f"task {OLD} is now daily_sales: its history stays with {OLD}",)
    }


def test_a_python_task_that_comes_or_goes_is_structure_alone() -> None:
    found = _edited("mwaa_job", "job_id", "20", task_list="301,302,303,304,305,912")
    assert found["job-mart_sales"].kinds == (Kind.STRUCTURE,)


def test_description_tags_and_markdown_are_cosmetic() -> None:
    params = {**_row("mwaa_job", "job_id", "20")["job_params"], "tags": ["x"], "doc_md": "Hello"}
    [difference] = _edited("mwaa_job", "job_id", "20", job_params=params).values()
    assert difference.found == {
        Kind.COSMETIC: ("tags: ['mart', 'sales'] → ['x']", 'doc_md: (not set) → "Hello"')
    }


def test_a_job_that_is_called_otherwise_is_another_dag() -> None:
    before = BEFORE["job-mart_sales"]
    assert before
    difference = compare_files(before, before.replace("job-mart_sales", "job-sales"))
    assert difference.found == {
        Kind.IDENTITY: (
            "dag_id: job-mart_sales → job-sales; the runs until now stay with the old id",
        )
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            _file(dag='default_args={"retries": 2}'),
            _file('Op(task_id="a", x=1, retries=2)', 'Op(retries=2, task_id="b", y=2)'),
            id="moved from default_args to each task",
        ),
        pytest.param(
            _file(dag='default_args={"x": 1}', a='Op(task_id="a")', b='Op(task_id="b", x=3)'),
            _file(b='Op(task_id="b", x=3)'),
            id="moved to the tasks that take it",
        ),
        pytest.param(
            _file('Op(task_id="a", x="""1\n2""")'),
            _file('Op(task_id="a", x=A_X)', above='A_X = """\\\n1\n2"""\n'),
            id="a constant",
        ),
        pytest.param(
            _file('Op(task_id="a", x=1, z={"k": 1, "l": 2})'),
            _file('Op(z={"l": 2, "k": 1}, task_id="a", x=1)'),
            id="other order of arguments and keys",
        ),
        pytest.param(_file(order="a >> b"), _file(order="b << a"), id="the other arrow"),
        pytest.param(_file(order="a >> b"), _file(order="chain(a, [b])"), id="chain"),
        pytest.param(
            _file(order="a >> b"), _file(order="a.set_downstream(b)"), id="set_downstream"
        ),
        pytest.param(
            _file('Op(task_id="a", x=timedelta(minutes=90))'),
            _file('Op(task_id="a", x=timedelta(hours=1, minutes=30))'),
            id="the same length",
        ),
        pytest.param(
            _file('Op(task_id="a", x=f)', above="def f():\n    return 1\n\n\n"),
            _file('Op(task_id="a", x=g)', above="def g():\n    return 1\n\n\n"),
            id="a function of another name",
        ),
    ],
)
def test_what_has_the_same_effect_is_cosmetic(before: str, after: str) -> None:
    for one, other in ((before, after), (after, before)):
        assert compare_files(one, other).found == {
            Kind.COSMETIC: ("the code is written otherwise, and does the same",)
        }


@pytest.mark.parametrize(
    ("before", "after", "kind", "sentences"),
    [
        (_file(), _file('Op(task_id="a", x=2)'), Kind.BEHAVIOUR, ["task a: x 1 → 2"]),
        (_file(), _file('Op(task_id="a", x="1")'), Kind.BEHAVIOUR, ['task a: x 1 → "1"']),
        (_file(), _file('Po(task_id="a", x=1)'), Kind.BEHAVIOUR, ["task a: operator Op → Po"]),
        (
            _file(),
            _file(dag='default_args={"retries": 1}'),
            Kind.BEHAVIOUR,
            ["every task: retries (not set) → 1"],
        ),
        (
            _file(),
            _file(dag='default_args={"zone": "a"}'),
            Kind.BEHAVIOUR,
            ['default_args.zone: (not set) → "a"'],
        ),
        (
            _file('Op(task_id="a", sql="SELECT 1")'),
            _file('Op(task_id="a", sql="SELECT 2")'),
            Kind.SQL,
            ['task a: sql "SELECT 1" → "SELECT 2"'],
        ),
        (_file(), _file(order=""), Kind.STRUCTURE, ["a >> b is removed"]),
        (
            _file(),
            _file('Op(task_id="c", x=1)'),
            Kind.STRUCTURE,
            ["task a is now c: its history stays with a"],
        ),
        (
            _file('Op(task_id="a", x=f)', above='def f():\n    g(to="a")\n\n\n'),
            _file('Op(task_id="a", x=f)', above='def f():\n    g(to="b")\n\n\n'),
            Kind.BEHAVIOUR,
            ['function f: to "a" → "b"'],
        ),
        (
            _file(),
            _file(order="a >> b\n    for x in (a, b):\n        x.pool = 1"),
            Kind.BEHAVIOUR,
            ["other code of the file: +2 lines"],
        ),
        (_file(), "import os\n" + _file(), Kind.BEHAVIOUR, ["import of os is new"]),
        (_file(), _file(dag="catchup=True"), Kind.SCHEDULE, ["catchup: (not set) → True"]),
        (_file(), _file(dag='tags=["a"]'), Kind.COSMETIC, ["tags: (not set) → ['a']"]),
        (_file(), _in_group(), Kind.COSMETIC, ['task b: task_group (not set) → "load"']),
        (
            _in_group("tooltip=TIP", above='TIP = "all"\n'),
            _in_group('tooltip="any"'),
            Kind.COSMETIC,
            ['group load: tooltip "all" → "any"'],
        ),
        (
            _file(),
            _file(order="b.as_teardown(setups=a)"),
            Kind.BEHAVIOUR,
            ["task b: teardown (not set) → True"],
        ),
        (
            _file(order="b.as_teardown(on_failure_fail_dagrun=True)"),
            _file(order="b.as_teardown(setups=a, on_failure_fail_dagrun=True)"),
            Kind.BEHAVIOUR,
            ["other code of the file: +1 −1 lines"],
        ),
        (
            _file(),
            _file('Op.partial(task_id="a").expand(x=[1, 2])'),
            Kind.BEHAVIOUR,
            ["task a: x 1 → expand([1, 2])"],
        ),
        (
            _file('Op.partial(task_id="a").expand(sql=["SELECT 1"])'),
            _file('Op.partial(task_id="a").expand(sql=b.output)'),
            Kind.SQL,
            ["task a: sql expand(['SELECT 1']) → expand(b.output)"],
        ),
        (_file(), _file() + "# Hello\n", Kind.COSMETIC, ["comments"]),
        ("(", _file(), Kind.BEHAVIOUR, ["the file differs, and cannot be read as Python"]),
        ("x = 1\0", "", Kind.BEHAVIOUR, ["the file differs, and cannot be read as Python"]),
    ],
)
def test_one_change(before: str, after: str, kind: Kind, sentences: list[str]) -> None:
    assert compare_files(before, after).found == {kind: tuple(sentences)}


def test_a_task_that_gets_the_prefix_of_its_group_loses_its_history() -> None:
    assert compare_files(_in_group(), _in_group(prefix="True")).found == {
        Kind.STRUCTURE: ("task b is now load.b: its history stays with b",)
    }


def test_what_operators_take_can_be_said() -> None:
    """Another operator does not take it; without the list, nothing would say that Po does."""
    before = _file(dag='default_args={"zone": "a"}', b='Po(task_id="b")', a='Op(task_id="a")')
    after = _file(a='Op(task_id="a", zone="a")', b='Po(task_id="b")')
    assert compare_files(before, after).kinds == (Kind.COSMETIC,)
    taken = {"Op": frozenset({"zone"}), "Po": frozenset({"zone"})}
    assert compare_files(before, after, taken).found == {
        Kind.BEHAVIOUR: ('task b: zone "a" → (not set)',)
    }


def test_many_changes_are_counted() -> None:
    tasks = [f't{number} = Op(task_id="t{number}", x={number})' for number in range(40)]
    more = [line.replace("x=", "x=1") for line in tasks]
    found = compare_files(_file(order="\n    ".join(tasks)), _file(order="\n    ".join(more)))
    assert len(found.found[Kind.BEHAVIOUR]) == 8
    assert found.found[Kind.BEHAVIOUR][-1] == "33 more"


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("default_args/job-all_agree.py", "default_args/job-one_task.py", "identity structure"),
        ("dependencies/job-chain.py", "dependencies/job-fan_out.py", "identity structure"),
        ("alerts/job-everywhere.py", "alerts-self_contained/job-everywhere.py", "behaviour"),
        ("target-3.0/job-customers.py", "target-2.11/job-customers.py", "behaviour"),
        ("default_args/job-one_task.py", "default_args/job-never_retried.py", "identity behaviour"),
    ],
)
def test_pairs_of_golden_files(before: str, after: str, kinds: str) -> None:
    first, second = (Path(FOLDER, name).read_text("utf-8") for name in (before, after))
    assert " ".join(compare_files(first, second).kinds) == kinds
