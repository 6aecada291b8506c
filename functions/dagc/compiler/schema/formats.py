"""Reads the `format`s of the parameter schemas: texts with a meaning, such as "90s".

A format is a function from the raw value to its meaning, or to a `Mistake`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Problem, nearest
from dagc.compiler.python_source.identifiers import is_identifier
from dagc.compiler.schema.cron import CRON_OF_PRESET, PRESETS, cron_error
from dagc.compiler.schema.json_values import parse_json
from dagc.compiler.schema.text import check_jinja

MAX_NAME = 200
"""Characters of a name, so that `schedule-<name>` fits into Airflow's 250."""
MAX_DURATION = timedelta(days=3660)
MIN_POKE_INTERVAL = timedelta(seconds=10)

MAX_URI = 1500

_TOPIC = re.compile(r"arn:[a-z0-9-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}", re.ASCII)
_EMAIL = re.compile(r"[^@\r\n]*[^@\s<>]+@[^@\s<>]+>?")
_OWNER_LINK = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?#][!-~]*)?"
    r"|mailto:[\w.+-]+@[A-Za-z0-9][A-Za-z0-9.-]*(?:\?[!-~]*)?",
    re.ASCII,
)
_DATABASE_TABLE = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?/[!-.0-~]+/[!-.0-~]+/[!-.0-~]+")
_ASSET_FORMS = {
    "s3": re.compile(r"[a-z0-9][a-z0-9.-]*(?:/[!-~]*)?"),
    "file": re.compile(r"(?:localhost)?/[!-~]+"),
    "redshift": _DATABASE_TABLE,
    "postgres": _DATABASE_TABLE,
    "postgresql": _DATABASE_TABLE,
}
_ASSET_EXAMPLES = {
    "redshift": "Write 'redshift://host:5439/database/schema/table'.",
    "postgres": "Write 'postgres://host:5432/database/schema/table'.",
    "postgresql": "Write 'postgresql://host:5432/database/schema/table'.",
}
_S3_ADDRESS = re.compile(r"\{[{%].*|s3[na]?://[^/]+/.+|https?://.+", re.DOTALL | re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHORT_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?([smhd])")
_ISO_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?"
)


class Mistake(NamedTuple):
    """Says why a value does not have the format, and what to do. `proposals` are guesses at what
    was meant: the first that the format accepts takes the hint's place.
    """

    message: str
    hint: str
    code: Code = Code.BAD_VALUE
    proposals: tuple[Any, ...] = ()


class Interval(NamedTuple):
    """A schedule of one run every `length`."""

    length: timedelta


def name(value: Any) -> str | Mistake:
    """Reads a key of Airflow (`airflow.utils.helpers.validate_key`), with room for a prefix."""
    if not isinstance(value, str):
        message = f"{_shown(value)} is no text"
        return Mistake(message, "Write the name as a text.", Code.BAD_NAME, (str(value),))
    if not _NAME.fullmatch(value):
        return _name_of_other_characters(value)
    if len(value) > MAX_NAME:
        message = (
            f"{_shown(value)} has {len(value)} characters, where at most {MAX_NAME} are allowed"
        )
        return Mistake(message, f"Shorten it by {len(value) - MAX_NAME}.", Code.BAD_NAME)
    return value


def _name_of_other_characters(value: str) -> Mistake:
    allowed = "a-z, A-Z, 0-9, '_', '-' and '.'"
    if re.fullmatch(r"[\w.-]+", value):
        message = f"{_shown(value)} has characters that are not ASCII"
        return Mistake(message, f"Use {allowed}.", Code.BAD_NAME)
    message = f"{_shown(value)} is no Airflow name: those have only {allowed}"
    proposal = re.sub(r"[^\w.-]+", "_", value.strip())
    return Mistake(message, f"Use only {allowed}.", Code.BAD_NAME, (proposal,))


def duration(value: Any) -> timedelta | Mistake:
    """Seconds as a number, "90s", "20m", "3h", "1d", or ISO 8601 without years and months."""
    length = _any_length(value)
    if length is None:
        return Mistake(
            f"{_shown(value)} is no duration",
            "Write seconds (90) or '90s', '20m', '3h', '1d', 'PT5M'.",
            proposals=tuple(_durations(value)) if isinstance(value, str) else (),
        )
    if length > MAX_DURATION:
        message = f"{_shown(value)} is too long: at most {MAX_DURATION.days:,} days are allowed"
        return Mistake(message, f"Write '{MAX_DURATION.days}d' or less.")
    return length


def _any_length(value: Any) -> timedelta | None:
    """Returns what `value` says as a duration, however long; None if it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _timedelta({"seconds": value}) if value >= 0 else None
    if not isinstance(value, str):
        return None
    if short := _SHORT_DURATION.fullmatch(value.strip()):
        return _timedelta({_UNITS[short[2]]: float(short[1])})
    if iso := _ISO_DURATION.fullmatch(value.strip()):
        return _timedelta({unit: int(n) for unit, n in iso.groupdict("0").items()})
    return None


def _durations(text: str) -> Iterator[str | int]:
    """Returns what `text`, which is no duration, could be meant to be."""
    text = text.strip().lower()
    if text.isdecimal() and len(text) < 10:
        yield int(text)
    if words := re.fullmatch(r"(\d+(?:\.\d+)?) ?(sec|min|hr|hour|day)\w*", text):
        yield f"{words[1]}{words[2][0]}"
    if weeks := re.fullmatch(r"(\d{1,4}) ?w(?:eeks?|k|ks)?", text):
        yield f"{7 * int(weeks[1])}d"
    if parts := re.fullmatch(r"(\d+h)? ?(\d+m)? ?(\d+s)?", text):
        yield "PT" + "".join(part for part in parts.groups("")).upper()


def length(value: Any) -> timedelta | Mistake:
    """Reads a duration above zero."""
    result = duration(value)
    if isinstance(result, timedelta) and not result:
        hint = "Write more than 0, or leave it out."
        return Mistake(f"{_shown(value)} is no time at all", hint)
    return result


def poke_interval(value: Any) -> timedelta | Mistake:
    """Reads a duration of ten seconds or more.

    Airflow can take a deferred task that resumes within some five seconds for failed (its issues
    66374 and 67287; seen in 3.0.6 and 3.3.2).
    """
    result = duration(value)
    if isinstance(result, timedelta) and result < MIN_POKE_INTERVAL:
        hint = "Write '10s' or more: Airflow can take a trigger that goes on sooner for failed."
        return Mistake(f"{_shown(value)} is less than ten seconds", hint)
    return result


def date_time(value: Any) -> datetime | Mistake:
    """Reads a date or a local date and time in ISO 8601; the DAG's time zone is added later."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is None:
            return moment
        if moment is not None:
            return Mistake(
                f"{value!r} has an offset", "Leave it out: the setting `timezone` says the zone."
            )
    hint = "Write '2024-01-31' or '2024-01-31T06:00:00'."
    return Mistake(f"{_shown(value)} is no date", hint, proposals=tuple(_dates(value)))


def _dates(value: Any) -> Iterator[str]:
    """Returns what `value`, which is no date, could be meant to be."""
    if day := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", str(value)[:20].strip()):
        yield f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if day := _YEAR_FIRST.fullmatch(str(value)[:25].strip()):
        date = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
        yield f"{date}T{int(day[4]):02}:{day[5]}:{day[6] or '00'}" if day[4] else date


def time_zone(value: Any) -> str | Mistake:
    """Reads a name of the IANA time zone database."""
    if isinstance(value, str) and value in time_zones():
        return value
    hint = "Write a name of the IANA database, such as 'Europe/Berlin'."
    proposals: tuple[str, ...] = ()
    if isinstance(value, str) and len(value) < 50:
        from dagc.compiler.schema.other_zones import zone_guesses, zone_hint

        hint = zone_hint(value) or hint
        proposals = tuple(zone_guesses(value, time_zones()))
    return Mistake(f"no time zone {_shown(value)}", hint, proposals=proposals)


def cron(value: Any) -> str | Mistake:
    """Reads one of several cron texts, or a preset that stands for such."""
    expression = " ".join(value.split())
    if expression in CRON_OF_PRESET:
        return CRON_OF_PRESET[expression]
    error = cron_error(expression)
    if len(expression.split()) < 3:  # a duration, or @once
        hint = "In a list, write cron texts alone, as in '0 2 * * *'."
        error = f"{_shown(expression)} is no cron text", hint
    if error is None:
        return expression
    return Mistake(*error, Code.BAD_SCHEDULE, tuple(_schedules(expression)))


def schedule(value: Any) -> str | list[str] | Interval | Mistake:
    """Reads a cron text, a preset, or the time between two runs; or several cron texts, which are
    read already.
    """
    if isinstance(value, list):
        return value if len(value) > 1 else _too_few_crons(value)
    if isinstance(value, str):
        expression = " ".join(value.split())
        error = cron_error(expression)
        if error is None:
            return expression
        if _any_length(value) is None:
            return Mistake(*error, Code.BAD_SCHEDULE, tuple(_schedules(expression)))
    elif isinstance(value, bool) or not isinstance(value, int | float):
        hint = "Write a cron text, a duration, or null."
        return Mistake(f"{_shown(value)} is no schedule", hint, Code.BAD_SCHEDULE)
    length = duration(value)
    if isinstance(length, Mistake) or length < timedelta(seconds=1):
        hint = "Write 1 (a second) or more, at most 3,660 days, or null for no schedule."
        return Mistake(f"{_shown(value)} is no interval", hint, Code.BAD_SCHEDULE)
    return Interval(length)


def _too_few_crons(value: list[str]) -> Mistake:
    if not value:
        return Mistake("a list of no cron text", "Write null for no schedule.", Code.BAD_SCHEDULE)
    message = "a list of one cron text, which is written as a text alone"
    return Mistake(message, "Write it as a text.", Code.BAD_SCHEDULE, (value[0],))


def _schedules(expression: str) -> Iterator[str | int]:
    """Returns what `expression`, which is no schedule, could be meant to be."""
    from dagc.compiler.schema.other_schedules import guesses  # where something is wrong alone

    if near := nearest(expression, PRESETS, likeness=0.8):
        yield near
    yield from guesses(expression)
    yield from _durations(expression)


def python_callable(value: Any) -> str | Mistake:
    """Reads `package.module:function`."""
    if isinstance(value, str) and value.count(":") == 1:
        module, function = value.split(":")
        if all(map(is_identifier, [*module.split("."), function])):
            return value
    return Mistake(f"{_shown(value)} names no function", "Write 'package.module:function'.")


def import_path(value: Any) -> str | Mistake:
    """Reads `package.module.Class`."""
    if isinstance(value, str) and "." in value and all(map(is_identifier, value.split("."))):
        return value
    return Mistake(f"{_shown(value)} is no import path", "Write 'package.module.Class'.")


def python_keywords(value: Any) -> dict[str, Any] | Mistake:
    """Reads an object whose keys can be the names of a Python function's parameters: ASCII,
    and no keywords.
    """
    wrong = [key for key in value if not is_identifier(key)]
    if not wrong:
        return dict(value)
    beyond = any(key.isidentifier() and not key.isascii() for key in wrong)
    names = ", ".join(map(_shown, wrong))
    message = f"{names} is no Python name" if len(wrong) == 1 else f"{names} are no Python names"
    hint = "Rename it: it becomes the name of an argument."
    return Mistake(f"{message} in ASCII" if beyond else message, hint)


def markdown(value: Any) -> str | Mistake:
    """Reads a text that Airflow does not take for the name of a Markdown file."""
    if value.endswith(".md"):
        hint = "Airflow would take it for the name of a file: add a full stop."
        return Mistake("the text ends in .md", hint)
    return str(value)


def json_text(value: Any) -> Any:
    """Data that an operator takes as JSON text, and then renders: its Jinja must survive that. A
    text without Jinja must be JSON.
    """
    if isinstance(value, str) and "{{" not in value and "{%" not in value and "{#" not in value:
        found: list[Problem] = []
        parse_json(value, found)
        if found and found[0].code is Code.BAD_JSON:
            return Mistake(found[0].message, found[0].hint, Code.BAD_JSON)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    problems: list[Problem] = []
    check_jinja(text, (), problems)
    if problems:
        hint = (
            "Inside {{ }}, write texts in single quotes: JSON puts a backslash before double ones."
        )
        return Mistake(problems[0].message, hint, Code.BAD_JINJA)
    return value


def s3_address(value: Any) -> Any:
    """Reads `s3://bucket/key` or another form that `S3Hook.parse_s3_url` takes, or a text that
    begins with Jinja. (A list is read text by text.)
    """
    if isinstance(value, list) or _S3_ADDRESS.fullmatch(value):
        return value
    if value.startswith("s3://"):
        return Mistake(f"{_shown(value)} names no key", "Write 's3://bucket/key'.")
    return Mistake(
        f"{_shown(value)} names no bucket",
        "Write 's3://bucket/key', or all keys without a bucket and set bucket_name.",
    )


def asset_uri(value: Any) -> str | Mistake:
    """Reads the URI of an Airflow asset, in the form that its scheme has in Airflow (AIP-60)."""
    scheme, separator, rest = value.partition("://")
    form = _ASSET_FORMS.get(scheme, re.compile(r"[!-~]+"))
    legal = re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) and scheme != "airflow"
    if legal and separator and form.fullmatch(rest) and len(value) <= MAX_URI:
        return str(value)
    if len(value) > MAX_URI:
        message = f"a URI of {len(value):,} characters, where at most {MAX_URI:,} are allowed"
        return Mistake(message, f"Shorten it by {len(value) - MAX_URI:,}.")
    hint = _ASSET_EXAMPLES.get(scheme, "Write 's3://bucket/key'.")
    return Mistake(f"{_shown(value)} is no asset URI", hint)


def sns_topic(value: Any) -> str | Mistake:
    """Reads the ARN of a topic that anything may be published to; or Jinja that makes one."""
    if "{{" in value or _TOPIC.fullmatch(value):
        return str(value)
    if value.endswith(".fifo") and _TOPIC.fullmatch(value.removesuffix(".fifo")):
        hint = "Airflow's notifier gives no message group: name a standard topic."
        return Mistake(f"{_shown(value)} is a FIFO topic", hint)
    hint = (
        "Write an ARN such as 'arn:aws:sns:eu-central-1:123456789012:topic', "
        "or Jinja such as '{{ var.value.topic }}'."
    )
    return Mistake(f"{_shown(value)} is no ARN of an SNS topic", hint)


def email(value: Any) -> str | Mistake:
    """Reads an address, alone or as in "Data <data@example.com>"; or Jinja that makes one."""
    if "{{" in value or _EMAIL.fullmatch(value):
        return str(value)
    return Mistake(f"{_shown(value)} is no e-mail address", "Write 'name@example.com'.")


def owner_link(value: Any) -> str | Mistake:
    """Reads what Airflow may link an owner to: an address of the web, or one for e-mail."""
    if _OWNER_LINK.fullmatch(value):
        return str(value)
    proposals = (f"mailto:{value}", f"https://{value}")
    hint = "Write 'https://example.com/team', or 'mailto:team@example.com'."
    return Mistake(f"{_shown(value)} is no link", hint, proposals=proposals)


FORMATS: Mapping[str, Callable[[Any], Any]] = {
    "name": name,
    "duration": duration,
    "length": length,
    "poke-interval": poke_interval,
    "date-time": date_time,
    "time-zone": time_zone,
    "schedule": schedule,
    "cron": cron,
    "callable": python_callable,
    "identifier-keys": python_keywords,
    "import-path": import_path,
    "asset-uri": asset_uri,
    "json-text": json_text,
    "s3-address": s3_address,
    "markdown": markdown,
    "owner-link": owner_link,
    "sns-topic": sns_topic,
    "email": email,
}


@cache
def time_zones() -> frozenset[str]:
    """Returns the names in the pinned tzdata package: the machine's own database would vary."""
    from importlib import resources

    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())


def _timedelta(units: Mapping[str, float]) -> timedelta | None:
    try:
        return timedelta(**units)
    except OverflowError:
        return timedelta.max


def _shown(value: Any) -> str:
    text = repr(value)
    if len(text) <= 60:
        return text
    return f"{text[:56]}…{text[-1] if isinstance(value, str) else ''}"
