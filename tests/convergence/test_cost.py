"""docs/cost.md says what is counted, and the prices of docs/prices.yaml."""

from docs.cost import PAGE, count, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(count()), "run: make docs"


def test_prices_count_for_a_million() -> None:
    counted = count()
    empty = {
        name: usage._replace(units={"events": 1}, log_bytes=0)
        for name, usage in counted.edits.items()
    }
    events, seconds = 1.00, 0.132 * 1769 / 1024 * 16.6667
    line = next(
        line for line in page(counted._replace(edits=empty)).splitlines() if "**a million" in line
    )
    assert f"**{events + seconds:.2f}**" in line
