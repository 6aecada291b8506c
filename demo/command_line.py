"""The command line `dagc`, as a person uses it against the deployed tables."""

import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from demo.deploy import EXAMPLES
from demo.stack import Stack
from demo.unexpected import UnexpectedError

DAGC = Path(sys.executable).with_name("dagc")


def validate(stack: Stack, console: Console, *, exit_code: int) -> None:
    """Show what `dagc validate --from-aws` says of the rows as they are now."""
    colour = {"FORCE_COLOR": "1"} if console.is_terminal else {}
    width = {"COLUMNS": str(console.width - 4)}
    found = subprocess.run(  # noqa: S603 - the command is ours
        [DAGC, "validate", "--from-aws", "--team", EXAMPLES],
        env={**stack.aws.environment, **colour, **width},
        capture_output=True,
        text=True,
        check=False,
    )
    said = Text.from_ansi(found.stdout.strip())
    console.print(Panel(said, title="dagc validate --from-aws --team examples", title_align="left"))
    if found.returncode != exit_code:
        seen = f"{found.returncode}: {found.stderr}"
        raise UnexpectedError(f"`dagc validate` to end with exit code {exit_code}", seen)
