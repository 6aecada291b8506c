"""Every case compiles to exactly the files beside it, and these are as black and ruff want them.

`make golden` writes the expected files anew; the diff is then for a person to judge.
"""

import difflib
import gc
import json
import re
import subprocess
import sys
from pathlib import Path

import black
import pytest
from black.report import NothingChanged

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.diagnostics import Code
from dagc.compiler.schema.other_names import normalized
from dagc.compiler.targets import TARGETS
from dagc.row_files.reading.read_tables import read_tables
from tests.golden.case import DIAGNOSTICS, FOLDER, all_cases, compiled, expected, read_case, write

NOT_IN_ROWS = {
    Code.DUPLICATE_ROW,  # in files of rows alone: a table cannot hold it
    Code.FOREIGN_OBJECT,  # in the bucket
    Code.COMPILER_BUG,  # in the compiler
}
"""What is wrong elsewhere, and so in no case."""


@pytest.mark.parametrize("folder", all_cases(), ids=lambda folder: folder.name)
def test_rows_become_the_files_beside_them(folder: Path, pytestconfig: pytest.Config) -> None:
    case = read_case(folder)
    actual = compiled(case)
    if pytestconfig.getoption("--update-golden", default=False):
        write(case, actual)
    wanted = expected(case)
    diff = [
        line
        for name in sorted(wanted.keys() | actual.keys())
        for line in difflib.unified_diff(
            wanted.get(name, "").splitlines(keepends=True),
            actual.get(name, "").splitlines(keepends=True),
            f"expected/{name}",
            f"compiled/{name}",
        )
    ]
    if actual != wanted:
        pytest.fail(f"{folder.name}:\n{''.join(diff)}", pytrace=False)


def test_black_would_change_nothing() -> None:
    gc.disable()  # black takes a quarter longer with it
    try:
        changed = [path for path in FOLDER.glob("*/*.py") if _black_changes(path)]
    finally:
        gc.enable()
    assert not changed


def test_imports_are_used_and_sorted() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet"]
    files = sorted(FOLDER.glob("*/*.py"))
    done = subprocess.run(
        [*command, "--select=F,I", "--ignore-noqa", "--output-format=concise", *files],
        capture_output=True,
        check=False,
        text=True,
    )
    assert not done.stdout + done.stderr


def test_every_code_has_a_case() -> None:
    told = "".join(path.read_text("utf-8") for path in FOLDER.glob(f"*/{DIAGNOSTICS}"))
    shown = set(re.findall(r"^(?:error|warning|suggestion)\[([a-z-]+)\] ", told, re.MULTILINE))
    assert shown == set(Code) - NOT_IN_ROWS


def test_a_key_that_stands_twice_in_a_file_of_rows(tmp_path: Path) -> None:
    rows = [{"task_id": "1", "task_name": "first"}, {"task_id": 1, "task_name": "second"}]
    (tmp_path / "mwaa_task.json").write_text(json.dumps(rows))
    tables, [diagnostic], _ = read_tables(tmp_path)
    assert tables["mwaa_task"] == rows[:1]
    assert diagnostic.code is Code.DUPLICATE_ROW
    assert diagnostic.place == "mwaa_task[task_id='1']"


def test_every_parameter_of_every_type_has_a_case() -> None:
    toolchain, _ = load_toolchain(TARGETS[0], "", FOLDER / "team")
    assert toolchain
    shown: dict[str, set[str]] = {name: set() for name in toolchain.types}
    for folder in [*FOLDER.glob("type-*"), FOLDER / "step_function-waits-2.11"]:
        for task in read_case(folder).tables["mwaa_task"]:
            shown[normalized(task["task_type"])] |= task.get("task_params", {}).keys()
    declared = {
        name: set(task_type.params.properties) for name, task_type in toolchain.types.items()
    }
    assert shown == declared


def _black_changes(path: Path) -> bool:
    try:
        black.format_file_contents(path.read_text("utf-8"), fast=True, mode=black.Mode())
    except NothingChanged:
        return False
    return True
