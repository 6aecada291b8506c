"""A row that a proposal writes, or deletes."""

import hashlib
from typing import NamedTuple

from dagc.aws.dynamodb_json import item_text
from dagc.compiler import Item, RowKey


class RowChange(NamedTuple):
    """A row as it is live (`before`, None where there is none), and as it is to be (`after`, None
    where it is to be deleted): plain data.
    """

    row: RowKey
    before: Item | None
    after: Item | None


def item_digest(item: Item | None) -> str:
    """The SHA-256 of an item as DynamoDB holds it, so that `1` and `"1"` differ; "" for none. Half
    a character, which DynamoDB would not take, counts as it is.
    """
    if item is None:
        return ""
    return hashlib.sha256(item_text(item).encode(errors="surrogatepass")).hexdigest()
