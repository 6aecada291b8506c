"""Commands are imported when they are called; until then, `dagc --help` knows them."""

import subprocess
import sys

import pytest

from dagc.cli.commands import COMMANDS, loaded

HEAVY = ("black", "botocore", "croniter", "dagc.compiler", "jinja2", "rich", "sqlglot", "yaml")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_is_that_of_the_command(name: str) -> None:
    said = loaded(name).help.partition("\n\n")[0]
    assert COMMANDS[name] == " ".join(said.split())


def test_help_imports_nothing_that_takes_long() -> None:
    program = f"""
import sys
from dagc.cli.main import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "--help"], check=True, capture_output=True, text=True
    )
    assert done.stderr == "[]\n"
    assert all(name in done.stdout for name in COMMANDS)
