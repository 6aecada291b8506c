"""docs/cost.md says what is counted, and the prices of docs/prices.yaml."""

import pytest

from docs.cost import PAGE, Counted, count, page


@pytest.fixture(scope="module")
def counted() -> Counted:
    """What was counted, once."""
    return count()


def test_the_page_is_up_to_date(counted: Counted) -> None:
    assert PAGE.read_text("utf-8") == page(counted), "run: make docs"


def test_prices_count_for_a_million(counted: Counted) -> None:
    empty = {
        name: usage._replace(units={"events": 1}, log_bytes=0)
        for name, usage in counted.edits.items()
    }
    events, seconds = 1.00, 0.132 * 1769 / 1024 * 16.6667
    line = next(
        line for line in page(counted._replace(edits=empty)).splitlines() if "**a million" in line
    )
    assert f"**{events + seconds:.2f}**" in line
