"""The garbage collector of a function: it looks at no start, and at nothing that was loaded."""

import subprocess
import sys

_STARTED = """
import gc
looks = []
gc.callbacks.append(lambda phase, info: looks.append(phase))
import dagc.handlers
looks.clear()
import dagc.apply.edits, dagc.apply.rebuild
from dagc.handlers.collector import spare_what_is_there
at_start = len(looks)
spare_what_is_there()
print(at_start, gc.get_freeze_count() > 10_000, gc.isenabled(), gc.get_threshold()[0] <= 10_000)
"""


def test_a_start_is_not_looked_at_and_what_comes_later_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STARTED], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.split() == ["0", "True", "True", "True"]
