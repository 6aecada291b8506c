r"""Reads the names in rows that become ids in Airflow.

Airflow takes letters and digits of any script (`airflow.utils.helpers.KEY_REGEX`: `[\w.-]+`), but
not everything else that an id becomes does. So a DAG's name is ASCII, a task's need not be
(docs/airflow.md, "Names in other scripts").
"""

import re
import unicodedata
from typing import Any

from dagc.compiler.diagnostics import Code
from dagc.compiler.schema.formats import MAX_NAME, Mistake, name

MAX_BYTES = 240
"""Of a task's name in UTF-8: `task_id=<name>` is a folder of logs, and file systems take names of
255 bytes.
"""
_WORD = re.compile(r"[\w.-]+")
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0]")
"""Letters by their category, and nothing to be seen: those that Hangul is padded with."""


def dag_name(value: Any) -> str | Mistake:
    """Reads the name of a job or scheduler, which is part of a DAG id: ASCII."""
    result = name(value)
    of_letters = isinstance(value, str) and _WORD.fullmatch(value)
    if isinstance(result, Mistake) and of_letters and not value.isascii():
        hint = (
            "Where metrics are on, as on MWAA, Airflow schedules no run of such a DAG: use "
            "a-z, A-Z, 0-9, '_', '-' and '.'. The description takes any text."
        )
        return result._replace(hint=hint)
    return result


def task_name(value: Any) -> str | Mistake:
    """Reads the name of a task: letters and digits of any script, in the form in which two that
    look the same are the same (Unicode's NFC).
    """
    if not isinstance(value, str) or value.isascii() or len(value) > MAX_NAME:
        return name(value)
    composed = unicodedata.normalize("NFC", value)
    shown = repr(value)
    if _FILLERS.search(value):
        message = f"{shown} has characters that nobody can see"
        return _mistake(message, "Remove them.", _FILLERS.sub("", composed))
    if not _WORD.fullmatch(composed):
        return _of_other_characters(value, composed)
    if composed != value:
        message = f"{shown} has characters that are put together of several"
        return _mistake(message, "Write each as one character (Unicode's form NFC).", composed)
    if (size := len(value.encode(errors="replace"))) > MAX_BYTES:
        message = f"{shown} has {size} bytes in UTF-8, where at most {MAX_BYTES} are allowed"
        return _mistake(message, f"Shorten it by {size - MAX_BYTES}: it names a folder of logs.")
    return value


def _of_other_characters(value: str, composed: str) -> Mistake:
    """Returns the mistake of a name that has more than letters, digits, '_', '-' and '.'."""
    message = (
        f"{value!r} is no Airflow name: those have letters and digits of any script, '_', '-' "
        "and '.'"
    )
    if any(unicodedata.category(character).startswith("M") for character in composed):
        hint = "Leave out the marks on and beside letters, or use a-z: Airflow takes no such marks."
        return _mistake(message, hint)
    seen = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    return _mistake(message, "Use only those.", re.sub(r"[^\w.-]+", "_", seen.strip()))


def _mistake(message: str, hint: str, *proposals: str) -> Mistake:
    return Mistake(message, hint, Code.BAD_NAME, proposals)
