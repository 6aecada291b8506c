"""Where what was read and compiled of templates is kept from one command to the next."""

import os
import sys
from pathlib import Path


def kept_folder() -> Path | None:
    """The user's folder for it. None where there can be none, or Python is to keep no modules
    either (PYTHONDONTWRITEBYTECODE).
    """
    if sys.dont_write_bytecode:
        return None
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = caches / "dagc" / "templates"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):  # it cannot be written, or there is no home
        return None
    return folder if caches.is_absolute() else None
