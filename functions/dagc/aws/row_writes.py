"""Writes and deletes rows of the three tables, each if it still is as it was seen.

A row that is there is changed attribute by attribute (UpdateItem), so that what dagc does not know
survives. The condition compares the attributes that were seen, and wants those that the compiler
reads and that were not there to be still missing. An attribute of people's own that came since
then does not count: it stays, unless the row is deleted.

DynamoDB takes 300 operators and 4 KB in an expression ("Constraints", Expression parameters), so
the condition compares at most `MOST_COMPARED` attributes: those that change and those that the
compiler reads come first.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from dagc.aws.dynamodb_json import dynamodb_item, dynamodb_value, item_text
from dagc.aws.row_tables import RowTables
from dagc.compiler import ATTRIBUTES, KEYS, Item, RowKey

MOST_COMPARED = 120
"""Each takes an operator, and another one to join it to the next; and 32 bytes at most."""


class RowMoved(Exception):  # noqa: N818  an outcome of a conditional request, not a fault
    """The row is no longer what was seen. `now` is what it is (None: it is gone)."""

    def __init__(self, row: RowKey, now: Item | None) -> None:
        super().__init__(f"{row} was changed meanwhile")
        self.row, self.now = row, now


def write_row(tables: RowTables, row: RowKey, seen: Item | None, wanted: Item | None) -> None:
    """Makes `row` what is `wanted` (None: no row), if it still is as `seen` (None: no row).

    Raises RowMoved if it is neither as seen nor as wanted. It may be as wanted already: where the
    answer to an earlier request got lost.
    """
    request = {"TableName": tables.names.of(row.table), **_condition(row, seen, wanted)}
    key = tables.key(row)
    assert key is not None, f"{row}: a key that the table cannot have was not refused before"
    try:
        if wanted is None:
            tables.client.delete_item(Key=key, **request)
        elif seen is None:
            tables.client.put_item(Item=dynamodb_item(wanted) | key, **request)
        else:
            tables.client.update_item(Key=key, **_with_update(request, row, seen, wanted))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        now = tables.get([row]).get(row)
        if not is_same(row, now, wanted):
            raise RowMoved(row, now) from error


def is_same(row: RowKey, one: Item | None, other: Item | None) -> bool:
    """Whether two versions of `row` say the same, in the same types. The key of one may be a text
    and that of the other a number.
    """
    if one is None or other is None:
        return one is other
    keys = KEYS[row.table]
    return item_text(_without(one, keys)) == item_text(_without(other, keys))


def differing(row: RowKey, seen: Item, wanted: Item) -> list[str]:
    """The attributes in which two versions of `row` differ, in alphabetical order."""
    names = (seen.keys() | wanted.keys()) - set(KEYS[row.table])
    return sorted(name for name in names if _typed(seen, name) != _typed(wanted, name))


def _condition(row: RowKey, seen: Item | None, wanted: Item | None) -> dict[str, Any]:
    """The parameters of a request that say what the row must still be."""
    if seen is None:
        names = {"#k": KEYS[row.table][0]}
        expression = "attribute_not_exists(#k)"
        return {"ConditionExpression": expression, "ExpressionAttributeNames": names}
    compared = list(islice(_compared(row, seen, wanted), MOST_COMPARED))
    terms, values = [], {}
    for number, name in enumerate(compared):
        if name in seen:
            terms.append(f"#c{number}=:c{number}")
            values[f":c{number}"] = dynamodb_value(seen[name])
        else:
            terms.append(f"attribute_not_exists(#c{number})")
    return {
        "ConditionExpression": " AND ".join(terms),
        "ExpressionAttributeNames": {f"#c{n}": name for n, name in enumerate(compared)},
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def _compared(row: RowKey, seen: Item, wanted: Item | None) -> Iterator[str]:
    """The attributes to compare, the most important first: the key, so that there is a row."""
    changed = differing(row, seen, wanted) if wanted is not None else []
    return iter(dict.fromkeys([*KEYS[row.table], *changed, *ATTRIBUTES[row.table], *sorted(seen)]))


def _with_update(request: dict[str, Any], row: RowKey, seen: Item, wanted: Item) -> dict[str, Any]:
    """`request`, with what changes in an item that is there."""
    changed = list(enumerate(differing(row, seen, wanted)))
    put = [f"#u{number}=:u{number}" for number, name in changed if name in wanted]
    gone = [f"#u{number}" for number, name in changed if name not in wanted]
    clauses = {"SET": put, "REMOVE": gone}
    names = {f"#u{number}": name for number, name in changed}
    values = {f":u{n}": dynamodb_value(wanted[name]) for n, name in changed if name in wanted}
    return {
        **request,
        "UpdateExpression": " ".join(
            f"{word} {','.join(actions)}" for word, actions in clauses.items() if actions
        ),
        "ExpressionAttributeNames": request["ExpressionAttributeNames"] | names,
        "ExpressionAttributeValues": request.get("ExpressionAttributeValues", {}) | values,
    }


def _without(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def _typed(item: Item, name: str) -> str | None:
    """An attribute in a form in which 1, true and "1" differ; None where it is missing."""
    return item_text({name: item[name]}) if name in item else None
