"""Writes rows as YAML that people like to read: blocks, texts of several lines as such, and quotes
where some program would take a text for something else.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

import yaml
from yaml.emitter import Emitter

from dagc.row_files.export.row_forms import Tagged
from dagc.row_files.reading.json_text import Numeral

_WIDTH = 100
_NEVER = 10**9
_BINARY = "tag:yaml.org,2002:binary"
_TAKEN = re.compile(
    r"[-+]?[.0-9][-+0-9._,:xoeEa-fA-F]*|[-+]?\.(inf|nan)|~|=|<<|null|true|false|yes|no|on|off|y|n|",
    re.IGNORECASE,
)
"""Texts that YAML, of this version or that, takes for something else where they have no quotes."""
_LINES = re.compile(
    "[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
"""What may stand in a block."""
_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_BARE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_%~./-]*")
_ASIDE = re.compile(r'[^"\\\ufeff\U00010000-\U0010ffff]*')
"""What reads well within double quotes."""


def yaml_text(form: Any) -> str:
    """The YAML of a row, or of a value in it, in lines that end in a line break."""
    return _document(_events(form, flow=False))


def entries_text(forms: Iterable[Any]) -> str:
    """The YAML of the entries of a list, in lines."""
    lines = yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
    return _document([lines, *_entries(forms, flow=False), yaml.SequenceEndEvent()])


def flow_text(form: Any) -> str:
    """The YAML of a value on one line, as it stands in brackets."""
    brackets = yaml.SequenceStartEvent(None, None, implicit=True, flow_style=True)
    return _emitted([brackets, *_events(form, flow=True), yaml.SequenceEndEvent()]).strip()[1:-1]


def _document(events: Iterable[Any]) -> str:
    text = _emitted(events)
    return text.removesuffix("...\n") if text.endswith("\n...\n") else text


def _emitted(events: Iterable[Any]) -> str:
    stream = StringIO()
    emitter = _Emitter(stream, allow_unicode=True, width=_NEVER)
    emitter.emit(yaml.StreamStartEvent())
    emitter.emit(yaml.DocumentStartEvent(explicit=False))
    for event in events:
        emitter.emit(event)
    emitter.emit(yaml.DocumentEndEvent(explicit=False))
    emitter.emit(yaml.StreamEndEvent())
    return stream.getvalue()


def as_entry(text: str) -> str:
    """The YAML of a value as that of an entry of a list."""
    return f"- {indented(text, 2).lstrip(' ')}"


def indented(text: str, columns: int) -> str:
    """The lines of `text`, so many columns further in."""
    return re.sub(r"^(?=[^\n])", " " * columns, text, flags=re.MULTILINE)


class _Emitter(Emitter):
    """PyYAML's, with lists a step further in than their key, with tabs, and blanks at the end of a
    line, in blocks, and with names of files without quotes.
    """

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        assert indentless in {True, False}
        super().increase_indent(flow=flow, indentless=False)

    def analyze_scalar(self, scalar: str) -> Any:
        analysis = super().analyze_scalar(scalar)
        analysis.allow_block = _is_block(scalar)
        return analysis

    def choose_scalar_style(self) -> Any:
        event = self.event
        if isinstance(event, yaml.ScalarEvent) and event.tag and _BARE.fullmatch(event.value):
            return ""
        return super().choose_scalar_style()


def _events(form: Any, *, flow: bool, tag: str | None = None) -> Iterator[Any]:
    if isinstance(form, Tagged):
        yield from _events(form.content, flow=flow, tag=form.tag)
    elif isinstance(form, Numeral):
        yield _scalar(form.text, tag)
    elif isinstance(form, Mapping):
        flow = flow or not form
        yield yaml.MappingStartEvent(None, tag, implicit=tag is None, flow_style=flow)
        for key, value in form.items():
            yield _scalar(key, None, _style(key, flow=True))
            yield from _events(value, flow=flow)
        yield yaml.MappingEndEvent()
    elif isinstance(form, list | frozenset):
        yield from _sequence(form, flow=flow, tag="!set" if isinstance(form, frozenset) else tag)
    else:
        yield _value(form, flow=flow, tag=tag)


def _sequence(form: list[Any] | frozenset[Any], *, flow: bool, tag: str | None) -> Iterator[Any]:
    entries = sorted(form) if isinstance(form, frozenset) else form
    flow = flow or not entries or (_is_flat(entries) and _is_short(entries))
    yield yaml.SequenceStartEvent(None, tag, implicit=tag is None, flow_style=flow)
    yield from _entries(entries, flow=flow)
    yield yaml.SequenceEndEvent()


def _entries(entries: Iterable[Any], *, flow: bool) -> Iterator[Any]:
    for entry in entries:
        is_line = isinstance(entry, dict) and _is_short(entry)
        yield from _events(entry, flow=flow or is_line)


def _is_flat(entries: list[Any]) -> bool:
    return not any(isinstance(entry, dict | list | Tagged | frozenset) for entry in entries)


def _is_short(form: Any) -> bool:
    """Whether a list or an object reads well on one line."""
    try:
        text = flow_text(form)
    except TypeError:
        return False
    return len(text) <= _WIDTH - 12 and "\\n" not in text


def _value(value: Any, *, flow: bool, tag: str | None) -> Any:
    """The event of a value that holds no other."""
    if isinstance(value, str):
        return _scalar(value, tag, _style(value, flow=flow))
    if value is None:
        return _scalar("null", tag)
    if isinstance(value, bool):
        return _scalar("true" if value else "false", tag)
    if isinstance(value, bytes):
        return _scalar(base64.b64encode(value).decode(), _BINARY, "'")
    if isinstance(value, int) and abs(value) < 10**38:
        return _scalar(str(value), tag)
    if isinstance(value, float) and "e" not in repr(value):
        return _scalar(repr(value), tag)
    if isinstance(value, int | float | Decimal):
        return _scalar(str(value), "!number", '"')
    raise TypeError(f"no value of a row: {value!r}")


def _scalar(text: str, tag: str | None, style: str | None = None) -> Any:
    implicit = (tag is None, tag is None)
    return yaml.ScalarEvent(None, tag, implicit, text, style=style)


def _style(text: str, *, flow: bool) -> str | None:
    if not flow and _is_block(text):
        return "|"
    if _BREAK.search(text):
        return '"'
    if not _TAKEN.fullmatch(text):
        return None
    return '"' if _ASIDE.fullmatch(text) else "'"


def _is_block(text: str) -> bool:
    return bool(
        "\n" in text and text.strip() and not text.endswith("\n\n") and _LINES.fullmatch(text)
    )
