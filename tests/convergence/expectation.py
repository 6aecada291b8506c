"""What must be there when everything is delivered: what a compile of all rows at once gives."""

import json
from collections.abc import Collection, Iterator
from itertools import compress, product
from typing import Any

from dagc.compiler import (
    SCHEDULER,
    Dag,
    DagRow,
    JobFile,
    JobRow,
    OtherDags,
    RowKey,
    Snapshot,
    Toolchain,
    claiming_table,
    compile_dag,
    key_text,
    row_key,
    shared_jobs,
)
from dagc.plan.inputs import input_of, inputs_of
from dagc.plan.record import listed
from tests.convergence.deployed import compiled, dependencies, files, records
from tests.emulator.aws import EDITED, Aws

ABSENT = ""


class Expectation:
    """What the rows have said since all was quiet, which files may therefore be there, and a check.

    A valid DAG's file is what its rows say now. An invalid DAG's file is one that was good: made of
    rows as each of them was at some moment since. (Not all at the same moment: DynamoDB's rows are
    read one after the other.)
    """

    def __init__(self, aws: Aws, tools: Toolchain) -> None:
        self._aws, self._tools = aws, tools
        self._all_tools = [tools]
        self._seen: dict[str, set[str]] = {}
        self._dags: dict[str, Dag] = {}
        self._versions: dict[RowKey, list[dict[str, Any] | None]] = {}

    def edited(self) -> None:
        """Takes note of the rows as they are now."""
        items = self._items()
        for key in self._versions.keys() | items.keys():
            versions = self._versions.setdefault(key, [None])
            if items.get(key) not in versions:
                versions.append(items.get(key))
        claims = Snapshot(items, self._tools.types).claims()
        for dag_id in self._seen.keys() | claims.keys():
            seen = self._seen.setdefault(dag_id, {ABSENT})
            if not any(row.enabled for row in claims.get(dag_id, ())):
                seen.add(ABSENT)

    def deployed(self, tools: Toolchain) -> None:
        """Another toolchain compiles from now on; files of the one before may be last good ones."""
        self._tools = tools
        self._all_tools.append(tools)
        self.edited()

    def check(self) -> None:
        """Nothing is under way: files, states and dependencies are those of the rows."""
        found = files(self._aws)
        stored = records(self._aws)
        self._dags = compiled(self._aws, self._tools)
        assert found.keys() <= self._seen.keys()
        self._look_at_jobs_files(found)
        for dag_id, seen in self._seen.items():
            text = self._text(dag_id)
            file = found.get(dag_id, ABSENT)
            if text is None:
                was_good = file in seen or file in self._texts_of_any_moment(dag_id)
                assert was_good, f"{dag_id} is invalid, and its file was never a good one"
            else:
                assert file == text, f"{dag_id} is not what the rows say"
            seen.clear()
            seen.add(file)
            self._check_record(dag_id, stored.get(dag_id), file)
        self._versions = {key: [item] for key, item in self._items().items()}
        self._all_tools = [self._tools]
        self._check_edges()
        assert not self._aws.eventual_reads

    def _look_at_jobs_files(self, found: Collection[str]) -> None:
        """Compiles the schedulers as they are where of the jobs in error these files stand."""
        snapshot = Snapshot(self._items(), self._tools.types)
        unpublished = {
            dag_id: JobFile.LAST_GOOD if dag_id in found else JobFile.MISSING
            for dag_id, dag in self._dags.items()
            if dag.enabled and dag.text is None
        }
        claims = snapshot.claims()
        others = OtherDags(unpublished, shared_jobs(claims))
        for dag_id, rows in claims.items():
            if claiming_table(dag_id) == SCHEDULER:
                self._dags[dag_id] = compile_dag(dag_id, rows, snapshot, self._tools, others)

    def _text(self, dag_id: str) -> str | None:
        """What the file must hold; ABSENT if it must not be there; None if the DAG is invalid."""
        dag = self._dags.get(dag_id)
        return dag.text if dag and dag.enabled else ABSENT

    def _texts_of_any_moment(self, dag_id: str) -> Iterator[str]:
        """What the DAG's file may have been, if each row was read at another moment."""
        types = self._tools.types
        for key, versions in self._versions.items():
            for item in filter(None, versions):
                for row in Snapshot({key: item}, types).claimants(dag_id, [key]):
                    of_each = map(self._any_row, sorted(inputs_of([row])))
                    for members in product(*of_each):
                        snapshot = Snapshot(dict(members), types)
                        for others, tools in product(_possible_others(row), self._all_tools):
                            dag = compile_dag(dag_id, [row], snapshot, tools, others)
                            if dag.text is not None:
                                yield dag.text

    def _any_row(self, input_name: str) -> list[tuple[RowKey, dict[str, Any]]]:
        """Each row that an input may have been. A valid DAG has one of it, whatever others there
        were at other moments.
        """
        return [
            (key, item)
            for key, versions in self._versions.items()
            if input_of(key) == input_name
            for item in versions
            if item is not None
        ]

    def _items(self) -> dict[RowKey, dict[str, Any]]:
        return {row_key(table, row): row for table in EDITED for row in self._aws.rows(table)}

    def _check_record(self, dag_id: str, record: dict[str, Any] | None, file: str) -> None:
        dag = self._dags.get(dag_id)
        if dag is None:
            assert record is None or record["state"] == "removed", dag_id
            return
        assert record is not None, dag_id
        # A compile that died, whose event was also delivered to another, leaves its number behind.
        assert record["settled"] <= record["revision"], dag_id
        invalid = "invalid" if self._text(dag_id) is None else "published"
        assert record["state"] == (invalid if dag.enabled else "disabled"), dag_id
        assert bool(record.get("file")) is bool(file), dag_id
        if record.get("cut"):  # more rows are in error than it lists
            return
        assert sorted(map(_gist, record.get("diagnostics", ()))) == sorted(
            map(_gist, listed(dag.diagnostics))
        ), dag_id

    def _check_edges(self) -> None:
        """What each DAG reads, it is found by. But where more rows claim an id than its record
        lists (`cut`), two enabled ones decide that it is in error: of the others it reads nothing,
        until an edit of one of the two lets it be compiled, which then reads on.
        """
        missing = {
            (name, dag_id)
            for name, dag_id in self.needed_dependencies() - self.dependencies()
            if name in self._read_by(dag_id)
        }
        assert not missing, f"no dependency is stored for {missing}"

    def _read_by(self, dag_id: str) -> frozenset[str]:
        """The inputs that a DAG must be found by."""
        rows = Snapshot(self._items(), self._tools.types).claims()[dag_id]
        record = records(self._aws).get(dag_id, {})
        if not record.get("cut") or sum(row.enabled for row in rows) < 2:
            return inputs_of(rows)
        return inputs_of([row for row in rows if key_text(row.row) in record["sources"]])

    def check_events(self) -> None:
        """Nothing is owed: what each DAG is now has been told."""
        told = {
            (event["DetailType"], detail["dag_id"], detail["version"], detail["sha256"])
            for event in self._aws.published_events()
            for detail in [json.loads(event["Detail"])]
        }
        for dag_id, record in records(self._aws).items():
            assert not record.get("unannounced"), dag_id
            kind = {"published": "DAG published", "invalid": "DAG refused"}.get(record["state"])
            file = record.get("version", ""), record.get("sha256", "")
            assert kind is None or (kind, dag_id, *file) in told, f"{dag_id} was not told"

    def needed_dependencies(self) -> set[tuple[str, str]]:
        """Which input each DAG reads."""
        claims = Snapshot(self._items(), self._tools.types).claims()
        return {(name, dag_id) for dag_id, rows in claims.items() for name in inputs_of(rows)}

    def dependencies(self) -> set[tuple[str, str]]:
        """Which input each DAG reads, as `mwaa_dag_dependency` tells it."""
        return dependencies(self._aws)


def _possible_others(row: DagRow) -> Iterator[OtherDags]:
    """What other schedulers may have been to a DAG: each of its jobs shared with them, or not."""
    jobs = [] if isinstance(row, JobRow) else sorted(row.jobs)
    for chosen in product((True, False), repeat=len(jobs)):
        yield OtherDags({}, list(compress(jobs, chosen)))


def _gist(diagnostic: Any) -> str:
    return f"{diagnostic['code']} {sorted(diagnostic['key'].items())} {diagnostic['message']}"
