"""A day of the outlet that `outlet_daily` reports on: its sales file, and what comes out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import psycopg
from mypy_boto3_s3 import S3Client

from demo.airflow.postgres import Postgres

SCHEDULER = "schedule-outlet_daily"
OUTLET = "hafen"
LANDING = "example-retail-landing-dev"
ORDER = [
    ("job-outlet_ingest", "job-outlet_report"),
    ("job-outlet_report", "job-outlet_lake"),
    ("job-outlet_report", "job-outlet_handover"),
]
"""Which job runs after which."""


class Sale(NamedTuple):
    """A line of a receipt."""

    receipt: str
    time: str
    product: str
    quantity: int
    price: str


SALES = [
    Sale("R-1", "09:12", "Rucksack, 30 l", 1, "89.90"),
    Sale("R-1", "09:12", "Socken", 3, "7.50"),
    Sale("R-2", "11:40", "Regenjacke", 2, "64.00"),
    Sale("R-3", "12:05", "Socken", 4, "7.50"),
    Sale("R-4", "17:58", "Regenjacke", -1, "64.00"),
    Sale("R-5", "18:20", "Rucksack, 30 l", 1, "79.90"),
]


class Line(NamedTuple):
    """A row of outlet.daily_report."""

    product: str
    receipts: int
    units: int
    revenue: Decimal
    rating: str


def last_day() -> date:
    """The last day that is over, which a schedule that begins now runs for."""
    return datetime.now(UTC).date() - timedelta(days=1)


def sales_file(day: date) -> str:
    """What the outlet's tills write for a day."""
    lines = [
        f'{sale.receipt},{day}T{sale.time}:00,"{sale.product}",{sale.quantity},{sale.price}'
        for sale in SALES
    ]
    return "\n".join(["receipt_id,sold_at,product,quantity,unit_price", *lines, ""])


def put_sales(s3: S3Client, day: date) -> None:
    """Deliver the file, and say that it is complete."""
    folder = f"outlet/outlet={OUTLET}/dt={day}"
    s3.put_object(Bucket=LANDING, Key=f"{folder}/sales.csv", Body=sales_file(day).encode())
    s3.put_object(Bucket=LANDING, Key=f"{folder}/_SUCCESS", Body=b"")


def expected_report(day: date) -> list[Line]:  # noqa: ARG001 - every day is the same
    """The report of such a day, by hand: 128 less 64, 89.90 + 79.90, 22.50 + 30."""
    return [
        Line("Regenjacke", 2, 1, Decimal("64.00"), "regular"),
        Line("Rucksack, 30 l", 2, 2, Decimal("169.80"), "bestseller"),
        Line("Socken", 2, 7, Decimal("52.50"), "regular"),
    ]


def report(postgres: Postgres, day: date) -> list[Line]:
    """The report that the warehouse holds."""
    query = """
        SELECT product, receipts, units, revenue, rating FROM outlet.daily_report
        WHERE business_date = %s AND outlet = %s ORDER BY product
    """
    with psycopg.connect(postgres.dsn("retail")) as connection:
        return [Line(*row) for row in connection.execute(query, [day, OUTLET])]


def closings(postgres: Postgres, day: date) -> list[tuple[int, Decimal, str]]:
    """How the outlet's own database closed the day."""
    query = "SELECT products, revenue, currency FROM closing WHERE business_date = %s"
    with psycopg.connect(postgres.dsn("outlet")) as connection:
        return connection.execute(query, [day]).fetchall()
