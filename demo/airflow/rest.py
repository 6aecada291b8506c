"""Airflow's REST API, as far as a person's clicks are needed: the same words for 2 and for 3."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.loopback import OPENER
from demo.waiting import wait_until

Json = Any

ENDED = {"success", "failed"}
LOOK_EVERY_SECONDS = 0.5


@dataclass
class Rest:
    """The API of the Airflow at `url`; `prefix` is `/api/v1` in 2 and `/api/v2` in 3."""

    url: str
    prefix: str
    _token: str = field(default="", init=False)

    @property
    def is_three(self) -> bool:
        """Whether it is Airflow 3."""
        return self.prefix == "/api/v2"

    def health(self) -> dict[str, str]:
        """The state of each program that Airflow knows of; nothing, while it does not answer."""
        path = "/api/v2/monitor/health" if self.is_three else "/api/v1/health"
        try:
            found = self._call("GET", path)
        except OSError:
            return {}
        return {name: str(part.get("status")) for name, part in found.items() if part}

    def dags(self) -> dict[str, Json]:
        """Every DAG that Airflow has read and not lost again, by its id."""
        found = self.get("/dags?limit=1000&order_by=dag_id")["dags"]
        return {dag["dag_id"]: dag for dag in found if dag.get("is_active", True)}

    def import_errors(self) -> list[Json]:
        """What Airflow could not read."""
        found: list[Json] = self.get("/importErrors")["import_errors"]
        return found

    def pause(self, dag_id: str, *, paused: bool) -> None:
        """Switch a DAG off or on."""
        self.send("PATCH", f"/dags/{dag_id}", {"is_paused": paused})

    def trigger(
        self, dag_id: str, *, logical_date: datetime | None = None, conf: Json = None
    ) -> str:
        """Start a run by hand; the id of the run. In 3, without a date it has none."""
        body: dict[str, Json] = {"conf": conf or {}}
        if logical_date is not None or self.is_three:
            body["logical_date"] = logical_date and logical_date.astimezone(UTC).isoformat()
        run_id: str = self.send("POST", f"/dags/{dag_id}/dagRuns", body)["dag_run_id"]
        return run_id

    def runs(self, dag_id: str) -> list[Json]:
        """The runs of a DAG."""
        found: list[Json] = self.get(f"/dags/{dag_id}/dagRuns?limit=100")["dag_runs"]
        return found

    def run(self, dag_id: str, run_id: str) -> Json:
        """One run; nothing in it, if there is none."""
        try:
            return self.get(f"/dags/{dag_id}/dagRuns/{urllib.parse.quote(run_id, safe='')}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return {}
            raise

    def tasks(self, dag_id: str, run_id: str) -> dict[str, Json]:
        """The task instances of a run, by task."""
        quoted = urllib.parse.quote(run_id, safe="")
        found = self.get(f"/dags/{dag_id}/dagRuns/{quoted}/taskInstances?limit=200")
        return {task["task_id"]: task for task in found["task_instances"]}

    def clear(self, dag_id: str, run_id: str, task_id: str) -> None:
        """Let a task, and what comes after it, run again."""
        self.send(
            "POST",
            f"/dags/{dag_id}/clearTaskInstances",
            {
                "dry_run": False,
                "dag_run_id": run_id,
                "task_ids": [task_id],
                "only_failed": False,
                "include_downstream": True,
                "reset_dag_runs": True,
            },
        )

    def backfill(self, dag_id: str, first: datetime, last: datetime) -> None:
        """Start the runs of all dates from `first` to `last`; Airflow 2's API cannot."""
        self.send(
            "POST",
            "/backfills",
            {
                "dag_id": dag_id,
                "from_date": first.isoformat(),
                "to_date": last.isoformat(),
                "run_backwards": False,
                "dag_run_conf": {},
                "reprocess_behavior": "none",
                "max_active_runs": 2,
            },
        )

    def versions(self, dag_id: str) -> list[int]:
        """The numbers of a DAG's versions; Airflow 3 counts them."""
        found = self.get(f"/dags/{dag_id}/dagVersions?limit=100")["dag_versions"]
        return sorted(version["version_number"] for version in found)

    def wait_for(self, dag_id: str, run_id: str, bound: float = 240.0) -> str:
        """The state in which a run ends."""
        found = wait_until(
            lambda: self.run(dag_id, run_id),
            lambda run: run.get("state") in ENDED,
            f"the run {run_id} of {dag_id} to end",
            lambda run: f"{run.get('state')}: {_states(self.tasks(dag_id, run_id))}",
            every=LOOK_EVERY_SECONDS,
            bound=bound,
        )
        return str(found["state"])

    def get(self, path: str) -> Json:
        """Send a GET request."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Json = None) -> Json:
        """Send a request of any method; `path` begins after the prefix."""
        if self.is_three and not self._token:
            self._token = self._call("GET", "/auth/token")["access_token"]
        return self._call(method, f"{self.prefix}{path}", body)

    def _call(self, method: str, path: str, body: Json = None) -> Json:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(  # noqa: S310 - always this machine
            f"{self.url}{path}",
            method=method,
            headers=headers,
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with OPENER.open(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            error.add_note(f"{method} {path}: {error.read().decode()[:1000]}")
            raise


def _states(tasks: dict[str, Json]) -> dict[str, Json]:
    return {task_id: task["state"] for task_id, task in tasks.items()}
