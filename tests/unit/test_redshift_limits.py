"""The Redshift Data API takes statements of 100,000 bytes; a connection takes longer ones."""

import pytest

from tests.properties.compiling import codes, compile_items

DATA_API = {"workgroup_name": "www", "database": "d"}
LONG = f"SELECT '{'é' * 50_000}'"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({**DATA_API, "sql": LONG}, ["too-large"]),
        ({**DATA_API, "sql": ["SELECT 1", LONG]}, ["too-large"]),
        ({**DATA_API, "sql": LONG[:-20_000]}, []),
        ({"conn_id": "redshift", "sql": LONG}, []),
    ],
    ids=["one", "in a list", "short enough", "with a connection"],
)
def test_long_statements(params: dict[str, object], expected: list[str]) -> None:
    task = {"task_id": "1", "task_name": "t", "task_type": "REDSHIFT-SQL", "task_params": params}
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
    assert codes(compile_items([task], [job])) == expected
