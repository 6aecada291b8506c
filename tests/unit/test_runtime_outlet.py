"""The check of an outlet's file, against a bucket in memory instead of Airflow's hook."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from demo.airflow.outlet import last_day, sales_file

HEADER = "receipt_id,sold_at,product,quantity,unit_price\n"
ADDRESS = "s3://bucket/outlet/sales.csv"

CALLABLES = Path(__file__).parents[2] / "examples" / "airflow" / "dags"


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """What lies in S3, by bucket and key."""
    found: dict[tuple[str, str], str] = {}

    class S3Hook:
        """As far as the callable knows it."""

        @staticmethod
        def read_key(key: str, bucket_name: str) -> str:
            return found[bucket_name, key]

    module = ModuleType("airflow.providers.amazon.aws.hooks.s3")
    module.S3Hook = S3Hook  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.syspath_prepend(CALLABLES)
    return found


def checked(objects: dict[tuple[str, str], str], content: str, day: str) -> Any:
    from retail import outlet

    objects["bucket", "outlet/sales.csv"] = content
    return outlet.check_sales(ADDRESS, day)


def test_a_good_file(objects: dict[tuple[str, str], str]) -> None:
    day = last_day()
    found = checked(objects, sales_file(day), day.isoformat())
    assert found == {"lines": 6, "revenue": "286.30"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "its first line is not receipt_id,sold_at"),
        ("a;b\n", "its first line is not receipt_id,sold_at"),
        (f"{HEADER}R-1,2026-11-20T10:00:00,Hat,1,2.50\n", "line 2: sold at 2026-11-20T10:00:00"),
        (f"{HEADER}R-1,2026-11-21T10:00:00,Hat,x,2.50\n", "line 2: x x 2.50 is no amount"),
        (f"{HEADER}R-1,2026-11-21T10:00:00,Hat,1,NaN\n", "line 2: 1 x NaN is no amount"),
        (f"{HEADER}R-1,2026-11-21T10:00:00\n", "line 2: columns are missing"),
    ],
)
def test_a_bad_file_says_where(
    objects: dict[tuple[str, str], str], content: str, problem: str
) -> None:
    with pytest.raises(Exception, match=r"^s3://bucket/outlet/sales.csv: ") as error:
        checked(objects, content, "2026-11-21")
    assert type(error.value).__name__ == "SalesError"
    assert problem in str(error.value)


def test_not_every_problem_is_told(objects: dict[tuple[str, str], str]) -> None:
    with pytest.raises(Exception, match="line 2") as error:
        checked(objects, HEADER + "R-1,2020-01-01,Hat,1,2.50\n" * 100, "2026-11-21")
    assert str(error.value).count("line ") == 5
