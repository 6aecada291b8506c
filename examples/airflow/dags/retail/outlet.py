"""Checks of an outlet's files, before they are loaded: tills write them, people set the tills.

Airflow is imported where it is needed, so that the module also loads without it.
"""

import csv
import io
import logging
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

COLUMNS = ["receipt_id", "sold_at", "product", "quantity", "unit_price"]
AT_MOST = 5
"""So many wrong lines are listed: the rest are seldom wrong in another way."""

log = logging.getLogger(__name__)


class SalesError(Exception):
    """The file is not as it should be. The message says which lines are wrong, and how."""


def check_sales(address: str, ds: str) -> dict[str, int | str]:
    """Returns the number of lines and the revenue of the file; fails if it is not that day's.

    `address` is where the file lies in S3: `s3://…`. `ds` is the day, from Airflow's context.
    """
    rows = list(csv.reader(io.StringIO(_content(address))))
    if not rows or rows[0] != COLUMNS:
        raise SalesError(f"{address}: its first line is not {','.join(COLUMNS)}")
    sales = [dict(zip(COLUMNS, row, strict=False)) for row in rows[1:]]
    problems = [
        f"line {number}: {problem}"
        for number, sale in enumerate(sales, 2)
        for problem in _problems(sale, ds)
    ]
    if problems:
        raise SalesError(f"{address}: {'; '.join(problems[:AT_MOST])}")
    revenue = sum((_amount(sale) for sale in sales), Decimal())
    log.info("%s: %d lines, %s", address, len(sales), revenue)
    return {"lines": len(sales), "revenue": str(revenue)}


def _problems(sale: Mapping[str, str], business_date: str) -> Iterator[str]:
    if len(sale) < len(COLUMNS):
        yield "columns are missing"
        return
    if not sale["sold_at"].startswith(business_date):
        yield f"sold at {sale['sold_at']}, not on {business_date}"
    try:
        amount = _amount(sale)
    except (InvalidOperation, ValueError):
        yield f"{sale['quantity']} x {sale['unit_price']} is no amount"
    else:
        if not amount.is_finite():
            yield f"{sale['quantity']} x {sale['unit_price']} is no amount"


def _amount(sale: Mapping[str, str]) -> Decimal:
    return int(sale["quantity"]) * Decimal(sale["unit_price"])


def _content(address: str) -> str:
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, key = address.removeprefix("s3://").partition("/")
    return str(S3Hook().read_key(key, bucket))
