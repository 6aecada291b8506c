"""What is written as YAML is read as it was: rows of all that DynamoDB has, and JSON texts."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.aws.dynamodb_json import item_text
from dagc.row_files.export.row_forms import written_form
from dagc.row_files.export.yaml_text import as_entry, indented, yaml_text
from dagc.row_files.reading.json_text import as_live
from dagc.row_files.reading.read_tables import rows_in
from tests.properties.live_rows import live_tasks


@given(live_tasks(st.just("1")), live_tasks(st.just(2)))
def test_rows_are_read_as_they_were(one: dict[str, Any], two: dict[str, Any]) -> None:
    texts = [yaml_text(written_form("mwaa_task", item)) for item in (one, two)]
    alone = [_read(text) for text in texts]
    assert [[item_text(item)] for item in (one, two)] == [
        [item_text(as_live("mwaa_task", item, live)) for item in found]
        for found, live in zip(alone, (one, two), strict=True)
    ]
    assert _read("\n".join(map(as_entry, texts))) == [*alone[0], *alone[1]]
    assert _read("\n".join(indented(as_entry(text), 4) for text in texts)) == [*alone[0], *alone[1]]


def _read(text: str) -> list[Any]:
    path = Path("mwaa_task.yaml")
    return [*rows_in(text.encode(), path, "mwaa_task", Path(), lambda _: "").values()]
