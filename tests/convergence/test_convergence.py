"""Whatever happens, the bucket ends up holding exactly what the rows say.

Some dozens of histories; `make soak` runs thousands.
"""

from tests.convergence.histories import Histories
from tests.convergence.running import run
from tests.emulator.aws import Aws


def test_histories() -> None:
    run(Histories, Aws(validates=False), histories=60, seed=1)
