"""`make demo` does what it says, and says so."""

import subprocess
import sys
from pathlib import Path


def test_the_demo_tells_its_story_to_the_end() -> None:
    demo = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "What you have seen" in demo.stdout
    assert "✗" not in demo.stdout
