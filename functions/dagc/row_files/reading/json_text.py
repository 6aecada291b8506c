"""A text that is JSON, which a file has unfolded (`!json`): one document, many ways to write it."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from dagc.compiler import KEYS, Item, text_of


class JsonText(str):
    """A text that is the JSON of what a file has unfolded. In what form it is written, its blanks
    and escapes, the file does not say.
    """

    __slots__ = ()


class Numeral(NamedTuple):
    """A number as a JSON text has it: 1, 1.0 and 1e0 are three texts, though one number."""

    text: str


def as_numeral(text: str) -> Numeral | None:
    """The number that JSON has in this form; None if it has none."""
    return Numeral(text) if _NUMBER.fullmatch(text) else None


def json_text(document: Any) -> JsonText:
    """The usual text of a document of JSON; ValueError for what JSON has not."""
    return JsonText(_written(document))


def json_document(text: str) -> Any:
    """The document in a JSON text, its numbers as `Numeral`; ValueError if it is no JSON, or if a
    key stands twice in it, so that there is more than one way to read it.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def as_live(table: str, item: Item, live: Item) -> dict[str, Any]:
    """The item that files have for a row of `table`, in what they do not say as the live item has
    it: the form of a JSON text (`!json`), whether an id in the key is a text or a number.
    """
    keys = KEYS[table]
    return {
        name: live[name]
        if name in keys and text_of(value) == text_of(live.get(name))
        else _in_form_of(live.get(name), value)
        for name, value in item.items()
    }


def _in_form_of(live: Any, value: Any) -> Any:
    if isinstance(value, JsonText):
        return live if isinstance(live, str) and _same_document(value, live) else value
    if isinstance(value, dict) and isinstance(live, Mapping):
        return {key: _in_form_of(live.get(key), inner) for key, inner in value.items()}
    if isinstance(value, list) and isinstance(live, list):
        others = [*live, *[None] * (len(value) - len(live))]
        return [_in_form_of(other, inner) for other, inner in zip(others, value, strict=False)]
    return value


def _same_document(text: str, other: str) -> bool:
    try:
        return bool(json_document(text) == json_document(other))
    except ValueError:
        return False


def _written(document: Any) -> str:
    if isinstance(document, Numeral):
        return document.text
    if isinstance(document, dict):
        entries = (f"{_written(key)}: {_written(value)}" for key, value in document.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(document, list):
        return f"[{', '.join(map(_written, document))}]"
    if isinstance(document, int | float | Decimal) and not isinstance(document, bool):
        if not _NUMBER.fullmatch(str(document)):
            raise ValueError(f"{document} is no number of JSON")
        return str(document)
    if document is None or isinstance(document, bool | str):
        return json.dumps(document, ensure_ascii=False)
    raise ValueError("it has what JSON has not")


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands twice")
    return document


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_float=Numeral,
    parse_int=Numeral,
    parse_constant=_refused,
)
