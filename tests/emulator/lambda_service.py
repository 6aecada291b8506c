"""What Lambda does with the streams of the tables: batches in order, at least once, until done."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from tests.emulator.aws import EDITED, Aws
from tests.emulator.interleaving import Interleaving
from tests.emulator.invocation import Invocation
from tests.emulator.transport import ACCOUNT, REGION

Record = dict[str, Any]
Handler = Callable[[dict[str, Any]], Any]

_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:compiler"
_SHARD = "shardId-00000000000000000000-00000000"
_PATIENCE = 100
"""Attempts at one batch, without a limit of its own: then the handler will never succeed."""


class Batch(NamedTuple):
    """Records that are given to the handler together, and how often they have failed."""

    records: list[Record]
    attempts: int = 0


class _Shard:
    """The stream of one table. A failed batch blocks the records behind it."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.taken = 0
        self.batches: list[Batch] = []
        """Taken from the stream; the first is under way, or the next."""
        self.invocation: Invocation | None = None


class LambdaService:
    """The event source mappings of the edited tables; the test starts their batches.

    `retries` as MaximumRetryAttempts (None: without end); `duplicates`: one batch in so many is
    given a second time, beside the first or after it (None: never).
    """

    def __init__(
        self,
        aws: Aws,
        interleaving: Interleaving,
        handler: Handler,
        *,
        batch_size: int = 5,
        retries: int | None = None,
        bisect: bool = True,
        duplicates: int | None = None,
    ) -> None:
        self.dead_letters: list[dict[str, Any]] = []
        """What was sent to the on-failure destination, which is `Aws.queue_url`."""
        self.started = 0
        self._aws, self._interleaving, self._handler = aws, interleaving, handler
        self._batch_size, self._retries, self._bisect = batch_size, retries, bisect
        self._duplicates = duplicates
        self._shards = {table: _Shard(table) for table in EDITED}

    def startable(self) -> list[str]:
        """The tables with records to process and no batch under way."""
        self._collect()
        return [
            shard.table
            for shard in self._shards.values()
            if shard.invocation is None and (shard.batches or self._untaken(shard))
        ]

    def start(self, table: str) -> Invocation:
        """Starts the next batch of a startable table, of a drawn size."""
        shard = self._shards[table]
        draw = self._interleaving.draw
        if not shard.batches:
            waiting = self._untaken(shard)[: self._batch_size]
            shard.batches.append(Batch(waiting[: 1 + draw(len(waiting))]))
            shard.taken += len(shard.batches[0].records)
        shard.invocation = self._invoke(table, shard.batches[0])
        if self._duplicates is not None and draw(self._duplicates) == self._duplicates - 1:
            self._invoke(f"{table} again", shard.batches[0])
        return shard.invocation

    def step(self) -> bool:
        """Starts a batch or lets an invocation do one call, as drawn; False if all is done."""
        startable = self.startable()
        choice = self._interleaving.draw(len(startable) + 1) if startable else 0
        if choice:
            self.start(startable[choice - 1])
            return True
        if self._interleaving.step():
            return True
        if startable:
            self.start(self._interleaving.pick(startable))
        return bool(startable)

    def run_until_done(self) -> None:
        """Steps until every record is processed and every invocation has ended."""
        while self.step():
            pass

    def _untaken(self, shard: _Shard) -> list[Record]:
        return self._aws.stream(shard.table)[shard.taken :]

    def _invoke(self, name: str, batch: Batch) -> Invocation:
        self.started += 1
        event = json.dumps({"Records": batch.records})
        name = f"{name} {self.started}"
        return self._interleaving.start(name, partial(self._handled, event))

    def _handled(self, event: str) -> Any:
        """The handler's response, after the way through JSON that both take."""
        return json.loads(json.dumps(self._handler(json.loads(event))))

    def _collect(self) -> None:
        """Goes on with the shards whose invocations have ended."""
        for shard in self._shards.values():
            invocation = shard.invocation
            if invocation and invocation.done:
                shard.invocation = None
                shard.batches[:1] = self._left(shard.batches[0], invocation)

    def _left(self, batch: Batch, invocation: Invocation) -> list[Batch]:
        """What of the batch is to be processed once more."""
        failed = _failed_from(batch, invocation)
        if failed is None:
            return []
        records = batch.records[failed:]
        if self._bisect and invocation.error is not None and len(records) > 1:
            half = len(records) // 2
            # To split a batch does not count as an attempt.
            return [batch._replace(records=part) for part in (records[:half], records[half:])]
        attempts = batch.attempts + 1
        if self._retries is not None and attempts > self._retries:
            self._send_dead_letter(Batch(records, attempts))
            return []
        if attempts == _PATIENCE:
            raise RuntimeError(f"{invocation.name} failed {attempts} times.") from invocation.error
        return [Batch(records, attempts)]

    def _send_dead_letter(self, batch: Batch) -> None:
        message = dead_letter(batch)
        self.dead_letters.append(message)
        with self._aws.unobserved():
            self._aws.sqs.send_message(
                QueueUrl=self._aws.queue_url, MessageBody=json.dumps(message)
            )


def _failed_from(batch: Batch, invocation: Invocation) -> int | None:
    """The index of the first record that failed; 0 if all did, None if none did."""
    if invocation.error is not None:
        return 0
    failures = (invocation.result or {}).get("batchItemFailures") or []
    if not failures:
        return None
    numbers = [record["dynamodb"]["SequenceNumber"] for record in batch.records]
    reported = [failure.get("itemIdentifier") for failure in failures]
    if not set(reported) <= set(numbers):
        return 0  # Lambda takes an identifier that it does not know for a failure of all
    return min(numbers.index(number) for number in reported)


def dead_letter(batch: Batch) -> dict[str, Any]:
    """The message for the on-failure destination: where the records are, not what they say."""
    first, last = batch.records[0], batch.records[-1]
    return {
        "requestContext": {
            "requestId": first["eventID"],
            "functionArn": _FUNCTION,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": batch.attempts,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2026-01-01T00:00:00.000Z",
        "DDBStreamBatchInfo": {
            "shardId": _SHARD,
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": "2026-01-01T00:00:00Z",
            "approximateArrivalOfLastRecord": "2026-01-01T00:00:00Z",
            "batchSize": len(batch.records),
            "streamArn": first["eventSourceARN"],
        },
    }
