"""Spares Python's garbage collector what a function holds from its start to its end."""

import gc

_AT_START = 200_000
"""How many more objects there are before the collector looks at the youngest, at the start: more
than are loaded then.
"""
_LATER = 10_000
"""The same afterwards: about as many as some dozens of compiles leave behind for a while."""


def look_at_no_start() -> None:
    """Keeps the collector from looking while modules, templates and clients are loaded: none of
    them is garbage. By Python's own thresholds it would look 150 times.
    """
    gc.set_threshold(_AT_START)


def spare_what_is_there() -> None:
    """Takes all objects out of the collector's looks. It is called once, when modules, templates
    and clients are loaded: as none of them is ever let go, no look at them could free anything.
    """
    gc.freeze()
    gc.set_threshold(_LATER, 20, 20)
