"""A row that a proposal writes, or deletes."""

import hashlib
import json
from typing import NamedTuple

from dagc.aws.dynamodb_json import dynamodb_item
from dagc.compiler import Item, RowKey


class RowChange(NamedTuple):
    """A row as it is live (`before`, None where there is none), and as it is to be (`after`, None
    where it is to be deleted): plain data.
    """

    row: RowKey
    before: Item | None
    after: Item | None


def item_digest(item: Item | None) -> str:
    """The SHA-256 of an item as DynamoDB holds it, so that `1` and `"1"` differ; "" for none."""
    if item is None:
        return ""
    content = json.dumps(dynamodb_item(item), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
