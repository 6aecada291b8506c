"""Knows the names that people bring from elsewhere, and what they are here (`other_names.toml`).

The table is read when the first unknown name is met: rows without mistakes never need it.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_suffix(".toml")


def other_key(name: str, known: Collection[str]) -> str | None:
    """Returns the key among `known` that means the same as `name` does elsewhere, if there is."""
    return _among(known, table()["keys"].get(name.lower().replace("-", "_")))


def other_value(value: str, known: Collection[Any]) -> str | None:
    """Returns the value among `known` that means the same as `value` does elsewhere, if any."""
    return _among(known, table()["values"].get(value.lower()))


def other_type(word: str) -> str | None:
    """Returns the name of the type that is called `word` elsewhere, which is `normalized`."""
    return _types().get(word)


def setting_hint(name: str, known: Collection[str] = ("retries",)) -> str | None:
    """Returns what to do about a setting of Airflow's, or an argument of its operators, that is not
    set beside the `known` keys, or in no row.
    """
    settings: dict[str, str] = table()["settings"] if "retries" in known else {}
    parameter = table()["parameters"].get(name)
    if parameter and parameter["beside"] in known:
        return str(parameter["say"])
    return settings.get(name)


def type_hint(word: str) -> str | None:
    """Returns how a row says what others have a type for, `word`, and dagc has none."""
    return _missing_types().get(word)


def normalized(name: str) -> str:
    """Returns the form in which type names are compared: case, `-` and `_` do not matter."""
    return name.strip().lower().replace("-", "").replace("_", "")


@cache
def table() -> dict[str, Any]:
    """Returns the content of the file."""
    import tomllib

    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _types() -> dict[str, str]:
    return {normalized(name): known for name, known in table()["types"].items()}


@cache
def _missing_types() -> dict[str, str]:
    return {
        normalized(name): entry["say"] for entry in table()["no_types"] for name in entry["names"]
    }


def _among(known: Collection[Any], name: str | None) -> str | None:
    return name if name in known else None
