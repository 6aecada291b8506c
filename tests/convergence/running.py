"""Runs histories: so many, from a seed, the same each time."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from dagc.apply import read_inventory
from tests.convergence.histories import Histories
from tests.emulator.aws import Aws

STEPS = 25
"""Edits and bursts of deliveries in one history."""


def run(
    machine: type[Histories], aws: Aws, *, histories: int, seed: int, shrinks: bool = False
) -> None:
    """Raises what the first history raises in which something comes out wrong; or the shortest like
    it that is found in five minutes, if it `shrinks`.
    """
    on_aws = type(machine.__name__, (machine,), {"aws": aws, "_hypothesis_internal_use_seed": seed})
    chosen = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        # To shrink takes many times as long as to find.
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.MonkeyPatch.context() as patch:
        # Of so few rows, nearly all segments are empty: two are as good as four, and faster.
        patch.setattr(read_inventory, "SEGMENTS", 2)
        run_state_machine_as_test(on_aws, settings=chosen)
