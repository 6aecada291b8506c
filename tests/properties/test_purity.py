"""A file's bytes depend on what the rows say alone: not on order, form, hash seed or history."""

import json
import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from dagc.aws.dynamodb_json import plain_item
from dagc.row_files.reading.read_tables import Tables
from tests.conftest import PROFILE
from tests.properties.example_rows import FOLDER, TABLES, example_tables, files_of

SEEDS = range(10 if PROFILE == "long" else 2)
JSON_ATTRIBUTES = {
    "task_params", "job_params", "job_task_dependencies", "job_task_configs",
    "schedule_job_dependencies", "schedule_job_configs", "schedule_params",
}  # fmt: skip
IDS = {"task_id", "job_id", "schedule_id"}


def _mapped(change: Any) -> Tables:
    """The example rows, each attribute changed by `change(name, value)`."""
    return {
        table: [{name: change(name, value) for name, value in item.items()} for item in items]
        for table, items in example_tables().items()
    }


def _native(name: str, value: Any) -> Any:
    return json.loads(value) if name in JSON_ATTRIBUTES and isinstance(value, str) else value


def _as_text(name: str, value: Any) -> Any:
    if name in JSON_ATTRIBUTES and not isinstance(value, str):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return value


def _numbered(name: str, value: Any) -> Any:
    return int(value) if name in IDS and value.isdigit() else value


def _reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reordered(value[key]) for key in sorted(value, reverse=True)}
    return [_reordered(entry) for entry in value] if isinstance(value, list) else value


def _decimals(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _decimals(entry) for key, entry in value.items()}
    return list(map(_decimals, value)) if isinstance(value, list) else value


def _through_dynamodb(name: str, value: Any) -> Any:
    assert name
    return plain_item({"x": TypeSerializer().serialize(_decimals(value))})["x"]


@pytest.mark.parametrize("change", [_native, _as_text, _numbered, _through_dynamodb])
def test_the_form_of_a_row_changes_nothing(change: Any) -> None:
    assert files_of(_mapped(change)) == files_of(example_tables())


def test_the_order_of_a_map_changes_nothing() -> None:
    tables = _mapped(lambda name, value: _reordered(_native(name, value)))
    assert files_of(tables) == files_of(example_tables())


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    shuffle = random.Random(seed).shuffle
    tables: Tables = {}
    for table in reversed(TABLES):
        items = [dict(reversed(item.items())) for item in example_tables()[table]]
        shuffle(items)
        tables[table] = items
    assert files_of(tables) == files_of(example_tables())


def test_what_was_compiled_before_changes_nothing() -> None:
    alone = {
        dag_id: files_of({**example_tables(), "mwaa_job": [job], "mwaa_scheduler": []})[dag_id]
        for job in reversed(example_tables()["mwaa_job"])
        for dag_id in [f"job-{job['job_name']}"]
    }
    assert alone.items() <= files_of(example_tables()).items()


def test_the_hash_seed_changes_nothing(tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("dagc"))
    wanted = {f"{name}.py": text for name, text in files_of(example_tables()).items() if text}
    for seed in SEEDS:
        out = tmp_path / str(seed)
        subprocess.run(
            [program, "compile", "--team", str(FOLDER), "--out", str(out)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
        )
        assert {path.name: path.read_bytes().decode() for path in out.iterdir()} == wanted


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("1", 1),
        ("0.1", 0.1),
        ("1.5e-07", 1.5e-07),
        ("10000000000000000000000", 10**22),
    ],
)
def test_a_number_is_the_same_in_both_forms(text: str, native: Any) -> None:
    """But for a whole one that a JSON text writes with a fraction or an exponent: there it is a
    float, and DynamoDB has no such kind (`test_numbers`).
    """

    def file(params: Any) -> Any:
        task = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
        job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
        tables = {"mwaa_task": [task], "mwaa_job": [{**job, "job_params": params}]}
        return files_of({**tables, "mwaa_scheduler": []})["job-j"]

    as_text, as_map = file(f'{{"params": {{"a": {text}}}}}'), file({"params": {"a": native}})
    assert as_text is not None
    assert as_text == as_map
