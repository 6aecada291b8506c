"""black, asked whether it would change a text."""

import gc

import black

_MODE = black.Mode()


def assert_black_stable(text: str) -> None:
    """Fails if black would change `text`."""
    gc.disable()  # black takes a quarter longer with it
    try:
        assert black.format_str(text, mode=_MODE) == text
    finally:
        gc.enable()
