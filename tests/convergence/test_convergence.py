"""Whatever happens, the bucket ends up holding exactly what the rows say."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
import os
from tests.convergence.histories import Histories
from tests.emulator.aws import Aws


def test_histories() -> None:
    Histories.aws = Aws()
    n = int(os.environ.get("N", "50"))
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=n,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
