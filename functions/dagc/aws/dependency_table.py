"""Reads and writes `mwaa_dag_dependency`: which DAGs read an input, which rows have a job id.

A dependency says that the DAG `dag_id` reads `input` (`task/<task_id>`, `job/<job_id>`). Under
every job id there is one item more, with JOB_ROWS instead of a DAG id: the keys of the rows with
that id, whatever their job type. Schedulers name jobs by the id alone. It holds MAX_JOB_ROWS of
them, and whether there may be more. Under any input, that item also notes how far an edit was
followed that concerns more DAGs than there was time for.

One more item says with which toolchain the functions compile, for those who plan from elsewhere,
and for functions that are not deployed any more. And some say which DAGs have to be looked at once
more (`plan/second_look.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from dagc.aws.all_items import all_items
from dagc.aws.batches import batch_delete, batch_get, batch_insert, batch_put, batch_remove
from dagc.aws.dynamodb_json import dynamodb_item, plain_item
from dagc.aws.row_tables import scan
from dagc.compiler import JOB, RowKey, key_text, row_of
from dagc.plan.fan_out import Progress, Readers
from dagc.plan.request import Dependency, DeployedToolchain, JobRows
from dagc.plan.second_look import Look

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOB_ROWS = "*"
"""No DAG has this id. It comes before theirs: a Query reads what it lists before it reads them."""
TOOLCHAIN = "toolchain"
"""An input of every DAG: what compiles it. Its one item holds the toolchain's fingerprint."""
SECOND_LOOKS = "second looks"
"""An input of no DAG: its items are the looks that are asked for."""
MAX_JOB_ROWS = 20
"""Of the longest keys that DynamoDB takes, so that the item stays below 400 kB."""


class DependencyTable(NamedTuple):
    """The table, by its name in this account."""

    client: "DynamoDBClient"
    name: str

    def dependents(self, input_name: str) -> frozenset[str]:
        """The ids of the DAGs that may read an input."""
        return self.readers(input_name).dag_ids

    def readers(self, input_name: str) -> Readers:
        """The DAGs that may read an input; how far its latest edit was followed, if that was noted;
        and which rows are listed there.
        """
        attributes = "dag_id, followed, followed_to, followed_again, job_rows"
        found = self._items_of(input_name, ProjectionExpression=attributes)
        items = {item["dag_id"]["S"]: item for item in found}
        noted = plain_item(items.pop(JOB_ROWS, {}))
        progress = _progress(noted) if "followed" in noted else None
        return Readers(frozenset(items), progress, _listed(noted))

    def _items_of(self, input_name: str, **more: Any) -> Iterator[dict[str, Any]]:
        return all_items(
            self.client.query,
            TableName=self.name,
            KeyConditionExpression="#input = :input",
            ExpressionAttributeNames={"#input": "input"},
            ExpressionAttributeValues={":input": {"S": input_name}},
            ConsistentRead=True,
            **more,
        )

    def put_progress(self, input_name: str, progress: Progress) -> None:
        """Notes how far an edit of an input was followed, in place of what was noted before."""
        values: dict[str, Any] = {
            ":edit": {"S": progress.sequence},
            ":last": {"S": progress.last},
        }
        if progress.again:
            values[":again"] = {"SS": sorted(progress.again)}
        again = ", followed_again = :again" if progress.again else " REMOVE followed_again"
        self.client.update_item(
            TableName=self.name,
            Key=_key(input_name, JOB_ROWS),
            UpdateExpression=f"SET followed = :edit, followed_to = :last{again}",
            ExpressionAttributeValues=values,
        )

    def put(self, dependencies: Iterable[Dependency]) -> bool:
        """Stores at most `batches.WRITE_SIZE` dependencies, over what stands there. Returns whether
        an attempt at that was given up.
        """
        return batch_put(
            self.client,
            self.name,
            [dynamodb_item(dependency._asdict()) for dependency in dependencies],
        )

    def delete(self, dependencies: Sequence[Dependency]) -> None:
        """Deletes at most `batches.WRITE_SIZE` dependencies, each unless another compile has stored
        it again since.
        """
        keys = [_key(it.input, it.dag_id) for it in dependencies]
        batch_delete(self.client, self.name, keys, [it.revision for it in dependencies])

    def job_rows(self, inputs: Iterable[str]) -> list[JobRows]:
        """For each of at most `batches.READ_SIZE` job inputs the rows that may have the id."""
        keys = {self.name: [_key(input_name, JOB_ROWS) for input_name in inputs]}
        return [_job_rows(plain_item(item)) for _, item in batch_get(self.client, keys)]

    def insert_job_rows(self, new: Mapping[str, Iterable[RowKey]]) -> list[str]:
        """Stores which rows have a job id, by its input: for at most `batches.WRITE_SIZE` job ids,
        each with at most MAX_JOB_ROWS rows. Returns for which it did: nothing was stored there.
        """
        items = [
            _key(name, JOB_ROWS)
            | {"job_rows": {"SS": sorted(map(key_text, rows))}, "revision": {"N": "1"}}
            for name, rows in new.items()
        ]
        return list(compress(new, batch_insert(self.client, self.name, items)))

    def add_job_row(self, input_name: str, row: RowKey) -> bool:
        """Stores that `row` has the id of a job input. False, and nothing done, if MAX_JOB_ROWS
        others are stored there already.
        """
        text = key_text(row)
        return self._if(
            self.client.update_item,
            _key(input_name, JOB_ROWS),
            "attribute_not_exists(job_rows) OR size(job_rows) < :most OR contains(job_rows, :text)",
            {
                ":one": {"N": "1"},
                ":row": {"SS": [text]},
                ":text": {"S": text},
                ":most": {"N": str(MAX_JOB_ROWS)},
            },
            UpdateExpression="ADD revision :one, job_rows :row",
        )

    def cut_job_rows(self, input_name: str) -> None:
        """Stores that more rows may have the id of a job input than are stored there."""
        self.client.update_item(
            TableName=self.name,
            Key=_key(input_name, JOB_ROWS),
            UpdateExpression="ADD revision :one SET cut = :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def replace_job_rows(self, seen: JobRows, rows: frozenset[RowKey], *, is_cut: bool) -> None:
        """Stores these in place of the rows that were `seen`, unless something was stored there
        since. `is_cut` is whether there may be more.
        """
        values: dict[str, Any] = {
            ":seen": {"N": str(seen.revision)},
            ":one": {"N": "1"},
            ":cut": {"N": str(int(is_cut))},
        }
        if rows:
            values[":rows"] = {"SS": sorted(map(key_text, rows))}
        rest = ", job_rows = :rows" if rows else " REMOVE job_rows"
        self._if(
            self.client.update_item,
            _key(seen.input, JOB_ROWS),
            "revision = :seen",
            values,
            UpdateExpression=f"ADD revision :one SET cut = :cut{rest}",
        )

    def put_toolchain(self, fingerprint: str, since: int) -> None:
        """Stores with which toolchain the functions compile, by an invocation that began at `since`
        (milliseconds since the epoch); nothing, if one that began later has stored that.
        """
        self._if(
            self.client.update_item,
            _key(TOOLCHAIN, JOB_ROWS),
            "attribute_not_exists(since) OR since < :since",
            {":new": {"S": fingerprint}, ":since": {"N": str(since)}},
            UpdateExpression="SET fingerprint = :new, since = :since",
        )

    def toolchain(self) -> str:
        """The fingerprint that `put_toolchain` has stored; "" where it never has."""
        found = batch_get(self.client, self.toolchain_key)
        return toolchain_of(plain_item(item) for _, item in found)

    @property
    def toolchain_key(self) -> dict[str, list[dict[str, Any]]]:
        """Where that stands, to be read beside something else (`toolchain_of`)."""
        return {self.name: [_key(TOOLCHAIN, JOB_ROWS)]}

    def ask_for(self, looks: Iterable[Look]) -> None:
        """Stores that at most `batches.WRITE_SIZE` second looks are asked for: each is an item of
        its own, which no other replaces, nor a late copy of one.
        """
        batch_put(self.client, self.name, [dynamodb_item(_look_item(look)) for look in looks])

    def looks(self) -> list[Look]:
        """The second looks that are asked for."""
        return [_look(plain_item(item)) for item in self._items_of(SECOND_LOOKS)]

    def delete_looks(self, looks: Iterable[Look]) -> None:
        """Forgets at most `batches.WRITE_SIZE` second looks."""
        items = map(_look_item, looks)
        batch_remove(self.client, self.name, [_key(it["input"], it["dag_id"]) for it in items])

    def scan(
        self, segment: int = 0, segments: int = 1
    ) -> Iterator[Dependency | JobRows | DeployedToolchain]:
        """Everything in a segment, strongly consistent. There are many more dependencies than
        inputs and DAGs: a name that is in several is there once.
        """
        for item in scan(self.client, self.name, segment, segments):
            input_name, dag_id = item["input"]["S"], item["dag_id"]["S"]
            if input_name == SECOND_LOOKS:
                continue
            if input_name == TOOLCHAIN:
                yield DeployedToolchain(item["fingerprint"]["S"])
            elif dag_id == JOB_ROWS:
                yield _job_rows(plain_item(item))
            else:
                revision = int(item["revision"]["N"]) if "revision" in item else 0
                yield Dependency(intern(input_name), intern(dag_id), revision)

    def _if(
        self,
        request: Callable[..., object],
        key: dict[str, Any],
        condition: str,
        values: dict[str, Any],
        **more: str,
    ) -> bool:
        """Makes a request on condition. False, and nothing done, where it does not hold."""
        try:
            request(
                TableName=self.name,
                Key=key,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                **more,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def _key(input_name: str, dag_id: str) -> dict[str, Any]:
    return {"input": {"S": input_name}, "dag_id": {"S": dag_id}}


def toolchain_of(items: Iterable[Mapping[str, Any]]) -> str:
    """The fingerprint in what was read of `toolchain_key`."""
    return "".join(item["fingerprint"] for item in items)


def _look_item(look: Look) -> dict[str, Any]:
    key = {"input": SECOND_LOOKS, "dag_id": f"{look.revision} {look.dag_id}"}
    return {**key, "asked_at": look.asked_at}


def _look(plain: Mapping[str, Any]) -> Look:
    revision, dag_id = plain["dag_id"].split(" ", 1)
    return Look(dag_id, int(revision), plain["asked_at"])


def _progress(plain: dict[str, Any]) -> Progress:
    again = frozenset(plain.get("followed_again", ()))
    return Progress(plain["followed"], plain["followed_to"], again)


def _job_rows(plain: dict[str, Any]) -> JobRows:
    return JobRows(plain["input"], _listed(plain), plain.get("revision", 0), bool(plain.get("cut")))


def _listed(plain: dict[str, Any]) -> frozenset[RowKey]:
    return frozenset(row_of(JOB, text) for text in plain.get("job_rows", ()))
