"""Gives each thing of a generated file a legal and unique Python name."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

_SPECIAL = ("__debug__", "__future__")
"""Nothing can be assigned to the one, and imports from the other stand at a file's top alone."""
_RESERVED = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins))


class Namespace:
    """The names that one file has taken so far."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def __contains__(self, name: object) -> bool:
        return name in self._taken

    def variable(self, text: str, key: str = "") -> str:
        """A new name for what `text` names: `text` itself, where it may be one, and otherwise made
        of it in snake_case: "load.Orders-v2" becomes `load_orders_v2`.

        Of characters beyond ASCII their base letters are kept, where there are such: "größe" is
        `grosse`. Where nothing is left of them, the name is made of `key`, which no other thing
        has: so it stays the same whatever comes before it.
        """
        name = text if is_identifier(text) else _snake_case(text)
        if not name.strip("_") and not text.isascii():
            name = f"task_{_snake_case(key)}"
        name = name.strip("_")
        if not name or name[0].isdigit():
            name = f"task_{name}".rstrip("_")
        return self._take(name)

    def constant(self, *parts: str) -> str:
        """A new UPPER_CASE name made of `parts`, the empty ones left out."""
        return self._take("_".join(part.strip("_") for part in parts if part).upper())

    def class_name(self, name: str) -> str:
        """A new name for the class `name`: its own one, where that is not taken."""
        return self._take(name)

    def _take(self, name: str) -> str:
        if name in _RESERVED:
            name = f"{name}_"
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name.rstrip('_')}_{number}"
        self._taken.add(candidate)
        return candidate


def _snake_case(text: str) -> str:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\W+", "_", text.lower(), flags=re.ASCII)


def is_identifier(text: str) -> bool:
    """Whether `text` may be a Python name, ASCII only and no keyword, nor special to Python."""
    ordinary = text.isidentifier() and text not in _SPECIAL
    return ordinary and text.isascii() and not keyword.iskeyword(text)
