"""A Query or a Scan is read to its end."""

from typing import Any

from dagc.aws.all_items import all_items

PAGES: dict[int | None, dict[str, Any]] = {
    None: {"Items": [{"id": 1}, {"id": 2}], "LastEvaluatedKey": {"id": 2}},
    2: {"Items": [], "LastEvaluatedKey": {"id": 5}},
    5: {"Items": [{"id": 6}]},
}


def test_page_after_page() -> None:
    asked: list[Any] = []

    def read(*, table: str, **parameters: Any) -> dict[str, Any]:
        start = parameters.get("ExclusiveStartKey", {}).get("id")
        asked.append((table, start))
        return PAGES[start]

    assert [item["id"] for item in all_items(read, table="t")] == [1, 2, 6]
    assert asked == [("t", None), ("t", 2), ("t", 5)]
