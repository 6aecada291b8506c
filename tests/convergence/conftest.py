"""The emulated account, one for the process, empty for each test; and the compiler on it."""

import pytest

from tests.convergence.deployed import Follower, deployment_on
from tests.convergence.functions import Functions
from tests.emulator.aws import Aws


@pytest.fixture(scope="session")
def account() -> Aws:
    """Its clients: they take longer to make than a test takes."""
    return Aws()


@pytest.fixture
def aws(account: Aws) -> Aws:
    """The account, empty."""
    account.around.clear()
    account.reset()
    return account


@pytest.fixture
def deployed(aws: Aws) -> Follower:
    """The compiler on it."""
    return Follower(aws, deployment_on(aws))


@pytest.fixture
def functions(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Functions:
    """The compiler's Lambda functions on it."""
    return Functions(aws, monkeypatch)
