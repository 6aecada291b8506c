"""Reads where a task stands in task groups: `"load"`, or `"load/eu"` for a group in a group."""

import re
from typing import Any

from dagc.compiler.diagnostics import Code
from dagc.compiler.schema.formats import Mistake

MAX_DEPTH = 5
"""Groups in one another. (Airflow has no limit; nobody finds a task that lies deeper.)"""
_GROUP = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""A group's name: a key of Airflow's (`GROUP_KEY_REGEX`: no dots), and ASCII, for it may become
part of task ids.
"""


def group_path(value: Any) -> str | Mistake:
    """Reads the names of groups, from the outermost to the innermost, with "/" between them."""
    names = value.split("/")
    if len(names) > MAX_DEPTH:
        message = f"{len(names)} groups in one another, where at most {MAX_DEPTH} are allowed"
        return Mistake(message, "Leave some of them out.", Code.BAD_NAME)
    for name in names:
        if len(name) > 100:
            message = f"the name of a group has {len(name)} characters, where 100 are allowed"
            return Mistake(message, f"Shorten it by {len(name) - 100}.", Code.BAD_NAME)
        if not _GROUP.fullmatch(name):
            return Mistake(
                f"{name!r} is no name of a task group: those have a-z, A-Z, 0-9, '_' and '-'",
                "Write 'load', or 'load/eu' for a group in a group; its display_name takes any "
                "text.",
                Code.BAD_NAME,
                proposals=tuple(_proposals(value)),
            )
    return str(value)


def _proposals(value: str) -> list[str]:
    names = [re.sub(r"[^A-Za-z0-9_-]+", "_", name.strip()) for name in value.strip("/ ").split("/")]
    return ["/".join(names)] if value.isascii() else []
