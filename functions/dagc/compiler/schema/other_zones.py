"""Guesses which time zone of the IANA database a text means that is none."""

import re
from collections.abc import Collection, Iterator

from dagc.compiler.diagnostics import nearest

_OFFSET = re.compile(r"(?:(?:Etc/)?UTC|GMT)? ?([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_CITIES = {
    "America/Los_Angeles": ("san_francisco", "seattle", "pst", "pdt"),
    "America/Denver": ("mdt",),
    "America/Chicago": ("cdt",),
    "America/New_York": ("boston", "washington", "edt"),
    "Asia/Hong_Kong": ("hkt",),
    "Asia/Kolkata": ("bangalore", "bengaluru", "delhi", "mumbai", "new_delhi"),
    "Asia/Seoul": ("kst",),
    "Asia/Shanghai": (
        *("beijing", "chengdu", "guangzhou", "hangzhou", "nanjing", "peking", "shenzhen", "wuhan"),
        *("china", "china_standard_time"),
    ),
    "Asia/Singapore": ("sgt",),
    "Asia/Tokyo": ("jst", "osaka"),
    "Europe/Berlin": ("cologne", "frankfurt", "hamburg", "munich"),
    "UTC": ("z",),
}
"""What is not in the database, in small letters: large cities, and abbreviations of one zone."""
_ZONES = {name: zone for zone, names in _CITIES.items() for name in names}


def zone_guesses(text: str, zones: Collection[str]) -> Iterator[str]:
    """Returns the ones of `zones` that `text` may mean: by another spelling, or by its city."""
    if offset := _OFFSET.fullmatch(text.strip()):
        yield from ["UTC"] if int(offset[2]) == 0 else []
        return
    word = text.strip().replace(" ", "_").lower()
    city = word.rpartition("/")[2]
    yield from (zone for zone in zones if zone.lower() == word)
    if city in _ZONES:
        yield _ZONES[city]
    with_city = [zone for zone in zones if zone.lower().rpartition("/")[2] == city]
    if len(with_city) == 1:
        yield with_city[0]
    if "/" in text and (near := nearest(text, zones, likeness=0.8)):
        yield near


def zone_hint(text: str) -> str | None:
    """Returns what to write for an offset, or for an abbreviation of two zones; else None."""
    if text.strip().upper() == "CST":
        return "Write 'Asia/Shanghai' or 'America/Chicago': CST is the time of both."
    offset = _OFFSET.fullmatch(text.strip())
    if offset is None or not 0 < int(offset[2]) <= 12:
        return None
    name = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
    place = ", such as 'Asia/Shanghai'" if name == "Etc/GMT-8" else ""
    return f"Write the zone of a place{place}, or {name!r}: such names have the other sign."
