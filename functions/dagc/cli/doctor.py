"""`dagc doctor`: whether a deployed stack compiles what people edit.

Exit codes: 0 it does; 1 something is wrong; 2 wrong usage, or AWS does not let it look; 130
interrupted.
"""

import time
from typing import Annotated

import typer
from rich.console import Console

from dagc.aws import INFRASTRUCTURE
from dagc.aws.clock import Clock
from dagc.cli.apply_steps.interruption import INTERRUPTED, interruptible
from dagc.cli.deployed_stack import DeployedStack, cannot_read, deployed_stack
from dagc.cli.diagnostic_listing import visible
from dagc.cli.function_call import Stack
from dagc.cli.refusal import refuse, without_dot

Canary = Annotated[
    bool,
    typer.Option(
        "--canary", metavar="", help="Also write a task, a job and a scheduler, and remove them."
    ),
]
Wait = Annotated[
    int, typer.Option(metavar="SECONDS", min=1, help="How long each step of the canary may take.")
]


def doctor_command(stack: Stack, canary: Canary = False, wait: Wait = 120) -> None:
    """Look whether a stack compiles what people edit; with --canary, try it."""
    deployed = deployed_stack(stack)
    console = Console(highlight=False)
    try:
        is_well = _look(deployed, console)
        if canary:
            is_well = _try(deployed, console, wait) and is_well
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the stack {stack}", error))
    if not is_well:
        raise typer.Exit(1)


def _look(deployed: DeployedStack, console: Console) -> bool:
    from dagc.cli.doctor_steps.stack_checks import stack_checks

    is_well = True
    for check in stack_checks(deployed):
        is_well = is_well and not check.problem
        _say(console, check.what, check.problem)
    return is_well


def _try(deployed: DeployedStack, console: Console, wait: float) -> bool:
    from dagc.canary.canary_stages import Latencies
    from dagc.canary.run_canary import CanaryFailed, Interrupted, Places, run_canary

    def told(what: str, took: Latencies) -> None:
        seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in took._asdict().items())
        _say(console, f"canary {what}: {seconds}", "")

    try:
        with interruptible() as stop:
            clock = Clock(time.monotonic, stop.wait)
            places = Places(deployed.tables, deployed.dags, deployed.bucket)
            run_canary(places, seconds=wait, clock=clock, told=told)
    except CanaryFailed as failed:
        _say(console, "canary", without_dot(failed))
        return False
    except Interrupted:
        console.print("Interrupted. The canary's rows are deleted; the compiler removes its files.")
        raise typer.Exit(INTERRUPTED) from None
    return True


def _say(console: Console, what: str, problem: str) -> None:
    text, style = (f"✗ {what}: {problem}.", "red") if problem else (f"✓ {what}", "green")
    console.print(visible(text), style=style, markup=False, soft_wrap=True)
