"""The test of the test: a compiler whose protocol is broken does not get through the histories.

It takes some hundred random ones to find such a compiler; this one shows soon from the seed below,
and the test goes on for long if it should no longer. Two others (`broken.py`) take thousands:
`make soak` runs so many. `test_overtaken.py` finds all three without chance.
"""

import pytest

from dagc.apply import protocol
from tests.convergence.broken import no_revision_check
from tests.convergence.histories import Histories
from tests.convergence.running import run
from tests.emulator.aws import Aws

SEED = 1


def test_it_is_found(account: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    no_revision_check(monkeypatch)
    monkeypatch.setattr(protocol, "ask_for_looks", lambda results, _: results)
    with pytest.raises(AssertionError):
        _run_batches(account, SEED)


class Plain(Histories):
    """With nothing beside the broken, which is so found soon."""

    is_plain = True


def _run_batches(account: Aws, seed: int) -> None:
    for other_seed in range(seed, seed + 40):
        run(Plain, account, histories=40, seed=other_seed)
