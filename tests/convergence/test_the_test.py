"""The test of the test: a compiler whose protocol is broken does not get through the histories.

It takes a few hundred random ones to find such a compiler (`make soak` runs thousands). Each test
begins at a seed whose histories show it soon, and goes on for long if they should no longer.
`test_overtaken.py` finds all three without chance.
"""

import pytest

from tests.convergence.broken import (
    Break,
    content_from_the_event,
    dependencies_after_the_read,
    no_revision_check,
)
from tests.convergence.histories import Histories
from tests.convergence.running import run
from tests.emulator.aws import Aws


@pytest.mark.parametrize(
    ("broken", "seed"),
    [(no_revision_check, 4), (dependencies_after_the_read, 12), (content_from_the_event, 8)],
)
def test_it_is_found(
    broken: Break, seed: int, account: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        _run_batches(account, seed)


class Plain(Histories):
    """Without what fails for longer: so that the broken is found soon."""

    has_outages = False


def _run_batches(account: Aws, seed: int) -> None:
    for other_seed in range(seed, seed + 40):
        run(Plain, account, histories=40, seed=other_seed)
