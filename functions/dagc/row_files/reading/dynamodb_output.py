"""Finds the rows in what AWS's tools write.

The answers of DynamoDB, as `aws dynamodb` prints them (`scan`, `query`, `get-item`,
`batch-get-item`, `transact-get-items`, and those of PartiQL), have the members that botocore's
model of the service names. Exports to S3 have a row in each line: `{"Item": …}` in a full one,
`{"Keys": …, "NewImage": …}` in an incremental one ("DynamoDB table export output format").
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dagc.compiler import ATTRIBUTES, KEYS, JsonPath
from dagc.row_files.reading.row_documents import RowsFileError, use_scan

_MORE = ("NextToken", "LastEvaluatedKey", "UnprocessedKeys")
"""What an answer has, in this order, that is not the last one."""


class RawRow(NamedTuple):
    """A row as a file has it; `way` leads there from the file's documents. An incremental export
    says when it was `written` (microseconds since the epoch; None elsewhere), and of a row that was
    deleted (`gone`) the key alone.
    """

    table: str
    item: Any
    way: JsonPath
    written: int | None = None
    gone: bool = False


def raw_rows(documents: list[Any], table: str, where: str) -> Iterator[RawRow]:
    """The rows in the documents of a file of `table`; RowsFileError, with `where`, for a document
    that holds none, and for an answer that goes on in another one.
    """
    alone = len(documents) == 1 and isinstance(documents[0], dict)
    page: Any = None
    for way, page in _pages(documents):
        answered = _answered(page, table, way, where) if _is_answer(page, table) else None
        if answered is None and alone and not _is_row(page, table):
            raise RowsFileError(f"{where}: {_no_rows(page, table)}")
        yield from [RawRow(table, page, way)] if answered is None else answered
    if _is_answer(page, table):
        for sign in _MORE:
            if page.get(sign):
                message = f"{where}: only a part of the table is in it ({sign}: there is more)"
                raise RowsFileError(f"{message}. {use_scan(table)}")


def _pages(documents: list[Any]) -> Iterator[tuple[JsonPath, Any]]:
    """What stands in the documents themselves, or in lists that they are."""
    for index, document in enumerate(documents):
        if isinstance(document, list):
            yield from (((index, number), entry) for number, entry in enumerate(document))
        else:
            yield (index,), document


def _has_key(page: Any, table: str) -> bool:
    return isinstance(page, dict) and not page.keys().isdisjoint(KEYS[table])


def _is_row(page: Mapping[str, Any], table: str) -> bool:
    """Whether an object is a row, perhaps one whose key was forgotten or mistyped."""
    return not page.keys().isdisjoint((*KEYS[table], *ATTRIBUTES[table]))


def _is_answer(page: Any, table: str) -> bool:
    return isinstance(page, dict) and not _has_key(page, table)


def _answered(page: dict[str, Any], table: str, way: JsonPath, where: str) -> list[RawRow] | None:
    """The rows in one answer, or in one line of an export; None if it is neither."""
    items, item, responses = page.get("Items"), page.get("Item"), page.get("Responses")
    if isinstance(items, list):
        return [RawRow(table, entry, (*way, "Items", n)) for n, entry in enumerate(items)]
    if isinstance(item, dict):
        return [RawRow(table, item, (*way, "Item"))]
    if isinstance(responses, dict):
        return [
            RawRow(_table_of(name, table), entry, (*way, "Responses", name, number))
            for name, entries in responses.items()
            for number, entry in enumerate(entries)
        ]
    if isinstance(responses, list):
        return [
            row
            for number, entry in enumerate(responses)
            for row in _response(entry, table, (*way, "Responses", number), where)
        ]
    if isinstance(page.get("Keys"), dict):
        new = page.get("NewImage")
        image = "NewImage" if new else "Keys"
        written = _written(page.get("Metadata"))
        return [RawRow(table, page[image], (*way, image), written, gone=not new)]
    return None


def _response(entry: Any, table: str, way: JsonPath, where: str) -> Iterator[RawRow]:
    """The row in one of the answers to several requests: it may have none, or an error."""
    if not isinstance(entry, dict):
        return
    if error := entry.get("Error"):
        words = ": ".join(map(str, error.values())) if isinstance(error, dict) else error
        raise RowsFileError(f"{where}: it holds DynamoDB's answer {words!r} instead of a row")
    if isinstance(entry.get("Item"), dict):
        yield RawRow(_table_of(entry.get("TableName", table), table), entry["Item"], (*way, "Item"))


def _table_of(name: str, table: str) -> str:
    """Which of the three tables AWS's `name` is: tables may have another prefix there."""
    return next((own for own in KEYS if name.endswith(own.removeprefix("mwaa_"))), table)


def _written(metadata: Any) -> int:
    moment = metadata.get("WriteTimestampMicros") if isinstance(metadata, Mapping) else None
    text = str(moment.get("N") if isinstance(moment, Mapping) else moment)
    return int(text) if text.isdecimal() else 0


def _no_rows(page: Mapping[str, Any], table: str) -> str:
    if not page.keys().isdisjoint(KEYS):
        return f"it has tables as its keys. Write a file for each: {table}.yaml with a list of rows"
    names = ", ".join(list(map(str, page))[:5]) or "none"
    return f"an object (its keys: {names}) instead of rows. Write a list of them. {use_scan(table)}"
