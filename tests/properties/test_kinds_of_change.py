"""Whatever the file: what does the same is cosmetic at most, and comparing never fails."""

import ast
import random
from functools import cache
from typing import Any

import black
from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.changes.kinds.kinds import Kind, compare_files
from dagc.changes.kinds.task_arguments import taken_arguments
from tests.conftest import EXAMPLES
from tests.golden.case import FOLDER
from tests.properties.compiling import Item, compile_items, toolchain

FILES = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*/*.py"))]
file = st.sampled_from(FILES)
FEW = settings(max_examples=EXAMPLES // 2)


@cache
def _narrow(text: str) -> str:
    mode = black.Mode(line_length=40, string_normalization=False, magic_trailing_comma=False)
    return black.format_str(text, mode=mode)


@given(file)
def test_equal_texts_have_no_kind(text: str) -> None:
    assert compare_files(text, text).kinds == ()


@FEW
@given(file)
def test_another_layout_is_cosmetic(text: str) -> None:
    for other in (_narrow(text), ast.unparse(ast.parse(text))):
        assert set(compare_files(text, other).kinds) <= {Kind.COSMETIC}
        assert set(compare_files(other, text).kinds) <= {Kind.COSMETIC}


@given(file, st.randoms())
def test_other_comments_are_cosmetic(text: str, chance: random.Random) -> None:
    tree = ast.parse(text)
    ends = [statement.end_lineno or 0 for statement in tree.body]
    lines = text.splitlines(keepends=True)
    lines.insert(chance.choice(ends), "# Hello\n")
    assert compare_files(text, "".join(lines)).kinds == (Kind.COSMETIC,)


@given(file, file)
def test_texts_that_differ_have_a_kind_and_few_sentences(before: str, after: str) -> None:
    found = compare_files(before, after).found
    assert bool(found) == (before != after)
    assert list(found) == [kind for kind in Kind if kind in found]
    assert all(0 < len(sentences) <= 8 for sentences in found.values())


@given(file, file, st.integers(0, 2000), st.text(max_size=20))
def test_no_text_makes_it_fail(before: str, after: str, place: int, text: str) -> None:
    broken = after[:place] + text + after[place:]
    assert compare_files(before, broken) == compare_files(before, broken)
    assert compare_files(text, after).kinds


_TASKS: list[Item] = [
    {"task_id": "1", "task_name": "a", "task_type": "REDSHIFT-SQL",
     "task_params": {"sql": "SELECT 1", "workgroup_name": "retail", "database": "d"}},
    {"task_id": "2", "task_name": "b", "task_type": "REDSHIFT-SQL",
     "task_params": {"sql": "SELECT 2", "workgroup_name": "retail", "database": "e"}},
    {"task_id": "3", "task_name": "c", "task_type": "ATHENA-SQL",
     "task_params": {"query": "SELECT 3", "database": "d", "output_location": "s3://a/b"}},
    {"task_id": "4", "task_name": "d", "task_type": "SQL",
     "task_params": {"sql": "SELECT 4", "conn_id": "w"}},
    {"task_id": "5", "task_name": "e", "task_type": "EMPTY"},
    {"task_id": "6", "task_name": "f", "task_type": "PYTHON", "task_params": {"callable": "a:b"}},
]  # fmt: skip
_some_tasks = st.sets(st.sampled_from("123456"), min_size=1)


def _job(ids: set[str], params: Item, configs: Item) -> str:
    job = {
        "job_type": "a", "job_id": "1", "job_name": "a", "task_list": sorted(ids),
        "job_params": params, "job_task_configs": configs,
    }  # fmt: skip
    [dag] = compile_items(_TASKS, [job])
    assert dag.text is not None, dag.diagnostics
    return dag.text


@given(_some_tasks, _some_tasks)
def test_tasks_that_come_and_go_change_no_other(before: set[str], after: set[str]) -> None:
    """Though what all agree on moves to `default_args`, and back."""
    taken = taken_arguments(toolchain())
    found = compare_files(_job(before, {}, {}), _job(after, {}, {}), taken)
    assert set(found.kinds) <= {Kind.STRUCTURE}


@given(_some_tasks, st.sampled_from([("retries", 7), ("pool", "p"), ("execution_timeout", "90m")]))
def test_a_setting_of_the_job_is_one_of_each_task(ids: set[str], setting: tuple[str, Any]) -> None:
    name, value = setting
    by_task = _job(ids, {}, {id_: {name: value} for id_ in ids})
    assert set(compare_files(_job(ids, {name: value}, {}), by_task).kinds) <= {Kind.COSMETIC}
    assert compare_files(_job(ids, {}, {}), by_task).kinds == (Kind.BEHAVIOUR,)
