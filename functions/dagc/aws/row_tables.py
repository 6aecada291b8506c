"""Reads the three tables that people edit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from dagc.aws.all_items import all_items
from dagc.aws.batches import READ_SIZE, batch_get, chunks
from dagc.aws.dynamodb_json import plain_item, plain_value
from dagc.aws.threads import InParallel
from dagc.compiler import KEYS, Item, RowKey, row_key, text_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef


class TableNames(NamedTuple):
    """The names of the three tables in this account."""

    task: str = "mwaa_task"
    job: str = "mwaa_job"
    scheduler: str = "mwaa_scheduler"

    @classmethod
    def prefixed(cls, prefix: str) -> "TableNames":
        """The names of tables that are called `<prefix>task` and so on."""
        return cls(*(f"{prefix}{name}" for name in cls._fields))

    def of(self, table: str) -> str:
        """The name here of a table, given its original name."""
        return self[list(KEYS).index(table)]


@dataclass(frozen=True)
class RowTables:
    """The three tables. Rows are named by their original table names, whatever those here are."""

    client: "DynamoDBClient"
    names: TableNames
    _described: "dict[str, TableDescriptionTypeDef]" = field(default_factory=dict)
    _types: dict[str, dict[str, str]] = field(default_factory=dict)

    def original(self, name: str) -> str:
        """The original name of the table that is called `name` here."""
        return list(KEYS)[self.names.index(name)]

    def get(self, rows: Iterable[RowKey]) -> dict[RowKey, Item]:
        """Those of at most `batches.READ_SIZE` rows that exist, as plain data."""
        return self.get_beside(rows, {})[0]

    def get_beside(
        self, rows: Iterable[RowKey], others: Mapping[str, list[dict[str, Any]]]
    ) -> tuple[dict[RowKey, Item], list[Item]]:
        """As `get`, and in the same request items of `others`: other tables' names and keys."""
        keys = dict(others)
        for row in rows:
            key = self.key(row)
            if key is not None:
                keys.setdefault(self.names.of(row.table), []).append(key)
        found: dict[RowKey, Item] = {}
        beside: list[Item] = []
        for name, item in batch_get(self.client, keys):
            plain = plain_item(item)
            if name in others:
                beside.append(plain)
            else:
                found[row_key(self.original(name), plain)] = plain
        return found, beside

    def get_all(self, rows: Iterable[RowKey], in_parallel: InParallel) -> dict[RowKey, Item]:
        """Those of any number of rows that exist, batch beside batch."""
        found = in_parallel(self.get, chunks(sorted(rows), READ_SIZE))
        return {row: item for batch in found for row, item in batch.items()}

    def scan(
        self, table: str, segment: int = 0, segments: int = 1, attributes: Iterable[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """Every item of a segment of `table` (its original name), as plain data, consistent; with
        these attributes alone, if they are given.
        """
        for item in scan(self.client, self.names.of(table), segment, segments, attributes):
            yield plain_item(item)

    def key(self, row: RowKey) -> dict[str, Any] | None:
        """The key as the table has it; None where it can have no such key."""
        types = self.key_types(row.table)
        key = {name: {types[name]: text} for name, text in row.key}
        possible = all(
            is_key(types[name], text, is_sort_key=bool(position))
            for position, (name, text) in enumerate(row.key)
        )
        return key if possible else None

    def key_types(self, table: str) -> dict[str, str]:
        """The DynamoDB type of each key attribute, `S` or `N`. Asked for each row that is read."""
        if table not in self._types:
            definitions = self._as_made(table)["AttributeDefinitions"]
            self._types[table] = {it["AttributeName"]: it["AttributeType"] for it in definitions}
        return self._types[table]

    def arn(self, table: str) -> str:
        """The ARN of `table` (its original name), in which region and account stand."""
        return self._as_made(table)["TableArn"]

    def stream_and_view(self, table: str) -> tuple[str, str]:
        """The ARN of the stream that `table` (its original name) has now, and what it holds of an
        edit, such as `NEW_AND_OLD_IMAGES`; twice "" where it has none.
        """
        described = self.client.describe_table(TableName=self.names.of(table))["Table"]
        stream = described.get("StreamSpecification", {})
        if not stream.get("StreamEnabled", False):
            return "", ""
        return described.get("LatestStreamArn", ""), stream.get("StreamViewType", "")

    def _as_made(self, table: str) -> "TableDescriptionTypeDef":
        """The description of a table. Asked once: for what never changes."""
        if table not in self._described:
            found = self.client.describe_table(TableName=self.names.of(table))
            self._described[table] = found["Table"]
        return self._described[table]


def scan(
    client: "DynamoDBClient",
    table: str,
    segment: int,
    segments: int,
    attributes: Iterable[str] = (),
) -> Iterator[dict[str, Any]]:
    """Every item of a segment of a table, in DynamoDB's JSON, strongly consistent; with these
    `attributes` alone, if any are given. Binary data may be in base64.
    """
    only: Any = {"ProjectionExpression": ", ".join(attributes)} if attributes else {}
    return all_items(
        client.scan,
        TableName=table,
        ConsistentRead=True,
        Segment=segment,
        TotalSegments=segments,
        **only,
    )


_PARTITION_KEY_LIMIT, _SORT_KEY_LIMIT = 2048, 1024
"""Bytes (DynamoDB's limits)."""
_MAX_DIGITS = 38
"""Of a number, before and after its point together."""
_NUMBER = re.compile(r"-?[0-9]{1,38}(\.[0-9]{1,38})?", re.ASCII)


def is_key(kind: str, text: str, *, is_sort_key: bool) -> bool:
    """Whether DynamoDB takes `text` as a key of this type, and gives the same text back."""
    if kind == "S":
        limit = _SORT_KEY_LIMIT if is_sort_key else _PARTITION_KEY_LIMIT
        try:
            return 0 < len(text.encode()) <= limit
        except UnicodeEncodeError:
            return False
    if not _NUMBER.fullmatch(text) or len(Decimal(text).as_tuple().digits) > _MAX_DIGITS:
        return False
    return text_of(plain_value({"N": text})) == text
