"""Durations, dates, time zones, schedules and the other texts with a meaning."""

# ruff: noqa: DTZ001  the dates of rows are local: the zone is another setting

from datetime import datetime, timedelta
from typing import Any

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.schema import formats
from dagc.compiler.schema.cron import _PLAIN, CRON_OF_PRESET, cron_error
from dagc.compiler.schema.formats import FORMATS, Interval, Mistake

DURATIONS = {
    90: timedelta(seconds=90), 0: timedelta(0), 1.5: timedelta(seconds=1.5),
    "90s": timedelta(seconds=90), "20m": timedelta(minutes=20), "3h": timedelta(hours=3),
    "1d": timedelta(days=1), " 1.5 h ": timedelta(minutes=90), "PT5M": timedelta(minutes=5),
    "P1DT2H": timedelta(days=1, hours=2), "P2W": timedelta(weeks=2), "PT90S": timedelta(seconds=90),
    "3660d": timedelta(days=3660),
}  # fmt: skip
NO_DURATIONS: list[Any] = [
    -1, True, None, "", "90", "1y", "PT", "P", "P1Y", "P1M", "-5m", "1h30m", "3661d", 10**400,
    "999999999d", float("inf"), float("nan"), "5 minutes", "1e3s", [], {},
]  # fmt: skip


@pytest.mark.parametrize("value", DURATIONS)
def test_durations(value: Any) -> None:
    assert FORMATS["duration"](value) == DURATIONS[value]


@pytest.mark.parametrize("value", NO_DURATIONS, ids=lambda value: repr(value)[:20])
def test_no_durations(value: Any) -> None:
    assert isinstance(FORMATS["duration"](value), Mistake)


DATES = {
    "2024-01-31": datetime(2024, 1, 31), "2024-01-31T06:00": datetime(2024, 1, 31, 6),
    "2024-01-31 06:00:01": datetime(2024, 1, 31, 6, 0, 1), " 2024-02-29 ": datetime(2024, 2, 29),
    "2024-01-31T06:00:00.5": datetime(2024, 1, 31, 6, 0, 0, 500_000),
}  # fmt: skip


@pytest.mark.parametrize("value", DATES)
def test_dates(value: str) -> None:
    assert formats.date_time(value) == DATES[value]


@pytest.mark.parametrize(
    "value",
    ["2023-02-29", "31.01.2024", "yesterday", "", "2024-01-31T06:00:00Z", "2024-01-31T06:00+01:00",
     20240131, None, "2024-13-01"],
)  # fmt: skip
def test_no_dates(value: Any) -> None:
    assert isinstance(formats.date_time(value), Mistake)


@pytest.mark.parametrize(
    "value", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+5"]
)
def test_time_zones(value: str) -> None:
    assert formats.time_zone(value) == value


@pytest.mark.parametrize(
    "value", ["", "europe/berlin", "Berlin", "../etc/passwd", "UTC ", 1, None, "x" * 10_000]
)
def test_no_time_zones(value: Any) -> None:
    assert isinstance(formats.time_zone(value), Mistake)


CRON = [
    "* * * * *", "*/15 * * * *", "0 2 * * 1-5", "0 0 1,15 * *", "5 0 * 8 *", "0 22 * * MON-FRI",
    "0 0 L * *", "0 0 * JAN,JUL *", "0 0 * * 7", "0 0 29 2 *", "0-30/10 * * * *", "0 0 * * MON#1",
]  # fmt: skip
NO_CRON = [
    "", "*", "* * * *", "* * * * * *", "0 0 2 * * ? *", "60 * * * *", "* 24 * * *", "* * 0 * *",
    "* * * 13 *", "* * * * 8", "*/0 * * * *", "a * * * *", "H * * * *", "R * * * *", "0 0 15W * *",
    "0 0 30 2 *", "0 0 31 4,6 *", "@never", "@reboot", "1--2 * * * *", ", * * * *", "٣ ٣ * * *",
    "rate(5 minutes)", "cron(0 2 * * ? *)", "900", "1-99999999 * * * *", "* * * * 1#6",
]  # fmt: skip


@pytest.mark.parametrize("value", [*CRON, *CRON_OF_PRESET, "@once", "@continuous", "  0  2 * * * "])
def test_cron(value: str) -> None:
    assert formats.schedule(value) == " ".join(value.split())


@pytest.mark.parametrize("value", NO_CRON)
def test_no_cron(value: str) -> None:
    mistake = formats.schedule(value)
    assert isinstance(mistake, Mistake)
    assert mistake.message
    assert mistake.hint


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_what_is_plain_is_cron(expression: str) -> None:
    assert cron_error(expression) is None
    assert croniter.is_valid(expression)
    croniter(expression, datetime(2024, 1, 1)).get_next()


def test_intervals() -> None:
    assert formats.schedule(900) == Interval(timedelta(minutes=15))
    values: list[Any] = [0, -1, 0.5, True, [], 10**400, float("nan")]
    for value in values:
        assert isinstance(formats.schedule(value), Mistake), value


NAMES = ["a", "A.b-c_1", "1", "x" * 200, "..", "-"]
NO_NAMES = ["a b", "é", "a/b", "a\n", "x" * 201, "a;b", 'a"); import os #', 5, None, ["a"]]


def test_names() -> None:
    assert [formats.name(value) for value in NAMES] == NAMES
    assert all(isinstance(formats.name(value), Mistake) for value in NO_NAMES)


CALLABLES = ["a:b", "retail.quality:check", "_a.b_2:_c", "match:case"]
NO_CALLABLES = [
    "a", "a:", ":b", "a.:b", ".a:b", "a:b:c", "a:b.c", "a b:c", "class:b", "a:None", "é:b", "a:b()",
    "__future__:annotations", "a:__debug__", "a;b:c", "a:b\n", 1, None,
]  # fmt: skip


def test_callables() -> None:
    assert [formats.python_callable(value) for value in CALLABLES] == CALLABLES
    assert all(isinstance(formats.python_callable(value), Mistake) for value in NO_CALLABLES)


@pytest.mark.parametrize("key", ["a b", "1", "class", "é", "", "__debug__", "a)", "None"])
def test_no_keywords(key: str) -> None:
    assert isinstance(formats.python_keywords({"good": 1, key: 1}), Mistake)


URIS = {
    "s3://bucket/key": True, "s3://bucket": True, "file:///a": True, "x-y://a/b": True,
    "postgres://host:5432/db/schema/table": True, "postgres://host/db": False, "s3:/b": False,
    "bucket/key": False, "airflow://x": False, "s3://b/ä": False, "s3://b/a b": False, "": False,
    "s3://b/" + "x" * 1500: False,
}  # fmt: skip


@pytest.mark.parametrize("uri", URIS)
def test_asset_uris(uri: str) -> None:
    assert (formats.asset_uri(uri) == uri) is URIS[uri]


def test_a_text_that_airflow_would_take_for_a_file() -> None:
    assert isinstance(formats.markdown("see README.md"), Mistake)
    assert formats.markdown("see README.md.") == "see README.md."


def test_jinja_that_json_would_break() -> None:
    assert isinstance(formats.json_text({"a": '{{ x["y"] }}'}), Mistake)
    assert formats.json_text({"a": "{{ x['y'] }}"}) == {"a": "{{ x['y'] }}"}


TOPICS = ["arn:aws:sns:eu-central-1:123456789012:a-b_C", "arn:aws-cn:sns:cn-north-1:123456789012:a"]
NO_TOPICS = [
    "", "alerts", "arn:aws:sqs:eu-central-1:123456789012:a", "arn:aws:sns:eu-central-1:12:a",
    f"{TOPICS[0]}.fifo", f"{TOPICS[0]}:6b0e71bd", f"{TOPICS[0]}\n", "arn:aws:sns::123456789012:a",
]  # fmt: skip
ADDRESSES = ["a@b", "ann.lee+x@example.com", "Ann Lee <ann@example.com>", '"Lee, Ann" <a@b.c>']
NO_ADDRESSES = ["", "ann", "@b", "a@", "a@b\nBcc: c@d", "a@b, c@d", "a b@c d"]


@pytest.mark.parametrize("value", [*TOPICS, "{{ var.value.topic }}", "arn:{{ x }}"])
def test_topics(value: str) -> None:
    assert FORMATS["sns-topic"](value) == value


@pytest.mark.parametrize("value", NO_TOPICS)
def test_no_topics(value: str) -> None:
    assert isinstance(FORMATS["sns-topic"](value), Mistake)


@pytest.mark.parametrize("value", [*ADDRESSES, "{{ var.value.mail }}"])
def test_addresses(value: str) -> None:
    assert FORMATS["email"](value) == value


@pytest.mark.parametrize("value", NO_ADDRESSES)
def test_no_addresses(value: str) -> None:
    assert isinstance(FORMATS["email"](value), Mistake)
