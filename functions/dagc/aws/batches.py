"""Reads and writes in batches, of which DynamoDB may leave a part undone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from dagc.aws import was_repeated
from dagc.aws.backoff import back_off

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

READ_SIZE = 100
WRITE_SIZE = 25
"""The most that one request takes (BatchGetItem; BatchWriteItem, BatchExecuteStatement)."""

_ATTEMPTS = 8


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at most `size`, for requests that take no more."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def batch_get(
    client: "DynamoDBClient", keys: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The table and the item of each of at most READ_SIZE keys, by table, that exists.

    Strongly consistent. Raises botocore's ClientError if some stay unread: none is left out.
    """
    left: Any = {
        table: {"Keys": table_keys, "ConsistentRead": True}
        for table, table_keys in keys.items()
        if table_keys
    }
    for attempt in range(_ATTEMPTS):
        if not left:
            return
        if attempt:
            back_off(attempt)
        answer = client.batch_get_item(RequestItems=left)
        for table, items in answer["Responses"].items():
            for item in items:
                yield table, item
        left = answer.get("UnprocessedKeys")
    if left:
        raise _throttled("BatchGetItem")


def batch_put(client: "DynamoDBClient", table: str, items: list[dict[str, Any]]) -> bool:
    """Puts at most WRITE_SIZE items; raises botocore's ClientError if some stay unwritten. Returns
    whether an attempt at that was given up.
    """
    return _batch_write(client, table, [{"PutRequest": {"Item": item}} for item in items])


def batch_remove(client: "DynamoDBClient", table: str, keys: list[dict[str, Any]]) -> bool:
    """Deletes at most WRITE_SIZE items, whatever they are by now; otherwise as `batch_put`."""
    return _batch_write(client, table, [{"DeleteRequest": {"Key": key}} for key in keys])


def _batch_write(client: "DynamoDBClient", table: str, requests: list[dict[str, Any]]) -> bool:
    repeated = False
    left: Any = {table: requests} if requests else {}
    for attempt in range(_ATTEMPTS):
        if not left:
            break
        if attempt:
            back_off(attempt)
        answer = client.batch_write_item(RequestItems=left)
        repeated = repeated or was_repeated(answer)
        left = answer.get("UnprocessedItems")
    if left:
        raise _throttled("BatchWriteItem")
    return repeated


def batch_delete(
    client: "DynamoDBClient", table: str, keys: Sequence[Mapping[str, Any]], seen: Sequence[int]
) -> None:
    """Deletes at most WRITE_SIZE items, each if its `revision` still is what was `seen`; botocore's
    ClientError if some could not be tried.

    BatchWriteItem has no conditions. A DELETE of PartiQL has: what follows the key in WHERE. It
    fails with ConditionalCheckFailed if that is false, and deletes nothing where no item is.
    """
    statements = [_conditional_delete(table, *both) for both in zip(keys, seen, strict=True)]
    _execute(client, statements, "ConditionalCheckFailed")


def batch_insert(
    client: "DynamoDBClient", table: str, items: Iterable[Mapping[str, Any]]
) -> list[bool]:
    """Puts each of at most WRITE_SIZE items where no other has its key. Returns, of each, whether
    it was put; botocore's ClientError if some could not be tried.

    That is what INSERT of PartiQL does: where an item is, it fails with DuplicateItem.
    """
    return _execute(client, [_insert(table, item) for item in items], "DuplicateItem")


def _execute(
    client: "DynamoDBClient", statements: Sequence[dict[str, Any]], refused: str
) -> list[bool]:
    """Executes each statement by itself. Whether it was executed, or answered with the code
    `refused`; botocore's ClientError if one was answered with another that does not pass.
    """
    executed = [False] * len(statements)
    left = list(range(len(statements)))
    for attempt in range(_ATTEMPTS):
        if not left:
            return executed
        if attempt:
            back_off(attempt)
        asked: Any = [statements[number] for number in left]
        answers = client.batch_execute_statement(Statements=asked)["Responses"]
        errors = [answer.get("Error", {}) for answer in answers]
        codes = [error.get("Code", "") for error in errors]
        for number, code, error in zip(left, codes, errors, strict=True):
            executed[number] = not code
            if code not in {"", refused, *_TRY_AGAIN}:
                message = error.get("Message", "")
                raise ClientError(
                    {"Error": {"Code": code, "Message": message}}, "BatchExecuteStatement"
                )
        left = [number for number, code in zip(left, codes, strict=True) if code in _TRY_AGAIN]
    if left:
        raise _throttled("BatchExecuteStatement")
    return executed


_TRY_AGAIN = {
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingError",
}
"""Of the codes of BatchStatementError, those that pass."""


def _conditional_delete(table: str, key: Mapping[str, Any], seen: int) -> dict[str, Any]:
    which = " AND ".join(f'"{name}" = ?' for name in [*key, "revision"])
    return {
        "Statement": f'DELETE FROM "{table}" WHERE {which}',  # noqa: S608  names of ours
        "Parameters": [*key.values(), {"N": str(seen)}],
    }


def _insert(table: str, item: Mapping[str, Any]) -> dict[str, Any]:
    values = ", ".join(f"'{name}': ?" for name in item)
    return {
        "Statement": f'INSERT INTO "{table}" VALUE {{{values}}}',
        "Parameters": [*item.values()],
    }


def _throttled(operation: str) -> ClientError:
    code = "ProvisionedThroughputExceededException"
    message = f"a part of the batch was still not processed after {_ATTEMPTS} attempts"
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
