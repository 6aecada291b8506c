"""Batches of which AWS does a part, and hands the rest back with an answer that says 200."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.emulator.aws import Answer
from tests.emulator.invocation import Choose


def can_be_partial(operation: str, parameters: Answer) -> bool:
    """Whether AWS could do a part only; of a batch for DynamoDB it does one at least."""
    match operation:
        case "dynamodb.BatchGetItem" | "dynamodb.BatchWriteItem":
            return len(_entries(parameters["RequestItems"])) > 1
        case "dynamodb.BatchExecuteStatement" | "events.PutEvents":
            return True
    return False


def partial_answer(
    operation: str, parameters: Answer, execute: Callable[[], Answer], draw: Choose
) -> Answer:
    """Executes a drawn part of the batch; changes `parameters` for that."""
    if operation == "events.PutEvents":
        return _partial_events(parameters, execute, draw)
    if operation == "dynamodb.BatchExecuteStatement":
        return _partial_statements(parameters, execute, draw)
    entries = _entries(parameters["RequestItems"])
    executed = [entries.pop(draw(len(entries))) for _ in range(1 + draw(len(entries) - 1))]
    requested = parameters["RequestItems"]
    parameters["RequestItems"] = _request(requested, executed)
    rest = "UnprocessedKeys" if operation == "dynamodb.BatchGetItem" else "UnprocessedItems"
    return execute() | {rest: _request(requested, entries)}


def _partial_events(parameters: Answer, execute: Callable[[], Answer], draw: Choose) -> Answer:
    entries = parameters["Entries"]
    accepted = entries[: draw(len(entries))]
    answered: Answer = {"Entries": []}
    if accepted:
        parameters["Entries"] = accepted
        answered = execute()
    failed = {"ErrorCode": "InternalFailure", "ErrorMessage": "injected"}
    refused = len(entries) - len(accepted)
    return answered | {
        "FailedEntryCount": refused,
        "Entries": answered["Entries"] + [failed] * refused,
    }


def _partial_statements(parameters: Answer, execute: Callable[[], Answer], draw: Choose) -> Answer:
    """Each statement succeeds or fails for itself."""
    statements = parameters["Statements"]
    executed = statements[: draw(len(statements))]
    answered: Answer = {"Responses": []}
    if executed:
        parameters["Statements"] = executed
        answered = execute()
    failed = {"Error": {"Code": "ThrottlingError", "Message": "injected"}}
    refused = len(statements) - len(executed)
    return answered | {"Responses": answered["Responses"] + [failed] * refused}


def _entries(requested: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is asked of each table: keys to get, or writes."""
    return [
        (table, entry)
        for table, asked in requested.items()
        for entry in (asked["Keys"] if isinstance(asked, dict) else asked)
    ]


def _request(requested: Mapping[str, Any], entries: list[tuple[str, Any]]) -> dict[str, Any]:
    """`requested`, but these entries only."""
    by_table: dict[str, list[Any]] = {}
    for table, entry in entries:
        by_table.setdefault(table, []).append(entry)
    return {
        table: requested[table] | {"Keys": asked} if isinstance(requested[table], dict) else asked
        for table, asked in by_table.items()
    }
