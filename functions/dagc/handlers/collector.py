"""Spares Python's garbage collector what a function holds from its start to its end."""

import gc

_ALLOCATIONS = 10_000
"""How many more objects there are before the collector looks at the youngest: about as many as some
dozens of compiles leave behind for a while.
"""


def spare_what_is_there() -> None:
    """Takes all objects out of the collector's looks. It is called once, when modules, templates
    and clients are loaded: as none of them is ever let go, no look at them could free anything.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
