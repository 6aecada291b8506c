"""The command line `dagc`, as a person uses it against the deployed tables."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
    show_command(
        stack, console, ["validate", "--from-aws", "--team", EXAMPLES], exit_code=exit_code
    )


def show_command(
    stack: Stack,
    console: Console,
    words: Sequence[object],
    *,
    exit_code: int,
    interrupt_when: Callable[[], bool] | None = None,
) -> None:
    """Show what a command of `dagc` says, which is to end with that exit code; by Ctrl-C, if it is
    to be interrupted.
    """
    colour = {"FORCE_COLOR": "1"} if console.is_terminal else {}
    width = {"COLUMNS": str(console.width - 4)}
    command = [str(word) for word in words]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        [DAGC, *command],
        env={**stack.aws.environment, **colour, **width},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        if interrupt_when is not None:
            while process.poll() is None and not interrupt_when():
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    said = Text.from_ansi(out.strip())
    shown = " ".join(Path(word).name if "/" in word else word for word in command)
    console.print(Panel(said, title=f"dagc {shown}", title_align="left"))
    if process.returncode != exit_code:
        seen = f"{process.returncode}: {err}"
        raise UnexpectedError(f"`dagc {command[0]}` to end with exit code {exit_code}", seen)
