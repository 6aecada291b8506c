"""docs/cost.md says what is counted, and the prices of docs/prices.yaml."""

import pytest

from docs.cost import MEASURED, PAGE, Counted, Durations, count, dollars, durations, page

TAKEN = Durations(0.1, {1_000: 2.0, 10_000: 15.0})


@pytest.fixture(scope="module")
def counted() -> Counted:
    """What was counted, once."""
    return count()


def test_the_page_is_up_to_date(counted: Counted) -> None:
    assert PAGE.read_text("utf-8") == page(counted, durations(MEASURED)), "run: make docs"


def test_prices_count_for_a_million(counted: Counted) -> None:
    empty = {
        name: usage._replace(units={"events": 1}, log_bytes=0)
        for name, usage in counted.edits.items()
    }
    events, seconds = 1.00, TAKEN.edit * 1769 / 1024 * 16.6667
    line = next(
        line
        for line in page(counted._replace(edits=empty), TAKEN).splitlines()
        if "**a million" in line
    )
    assert f"**{events + seconds:.2f}**" in line


def test_the_figures_that_targets_are_of_are_those_of_the_page(counted: Counted) -> None:
    edits, month = dollars(counted, TAKEN)
    shown = page(counted, TAKEN)
    assert f"| **a million of them** | **{edits:.2f}** |" in shown
    assert f"| **a month** | **{month:.2f}** |" in shown


def test_what_a_run_left_out_is_taken_from_the_page_s() -> None:
    measured = durations(MEASURED)
    more = {
        "edit": {"seconds": 0.5},
        "rebuilds": {"1000": {"nothing changed": {"seconds": 7.0}}},
    }
    taken = durations(more)
    assert taken.edit == 0.5
    assert taken.rebuilds == {**measured.rebuilds, 1_000: 7.0}
    assert durations({}) == measured
