"""Rows of jobs as they come from DynamoDB, the nested ones as JSON texts.

Every id, name, path and statement holds the job's token, so that no two jobs share a text beyond
what a team's rows do share: owner, pool, task types, trigger rule.
"""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Item = dict[str, Any]

BLOCK = 10
"""Tasks in a block: a sensor, three side by side, a merge, three side by side, a check, an end."""

_UPSTREAM = [[-1], [0], [0], [0], [1, 2, 3], [4], [4], [4], [5, 6, 7], [8]]
"""By position in the block, what a task runs after: positions, -1 the end of the block before."""

_CONFIGURED = {1, 2, 4, 6}
"""Positions of the tasks that job_task_configs speaks of."""


class Job(NamedTuple):
    """A job's item and those of its tasks."""

    job: Item
    tasks: list[Item]


class Warehouse(NamedTuple):
    """All rows of three tables."""

    tasks: list[Item]
    jobs: list[Item]
    schedulers: list[Item]


def job(token: str, size: int, shared: Item | None = None) -> Job:
    """A job of `size` tasks; `shared`, if given, is one of them: the fourth."""
    tasks = [_task(token, index) for index in range(size)]
    if shared:
        tasks[3] = shared
    return Job(_job(token, [task["task_id"] for task in tasks]), tasks)


def warehouse(dags: int) -> Warehouse:
    """The rows of `dags` DAGs: a tenth are schedulers of one to ten jobs, the others jobs of 8 to
    20 tasks out of half as many as there are DAGs; one job in 18 names the first task.
    """
    # Drawn, and the same in each run.
    draw = random.Random(dags)  # noqa: S311  no secret
    common = _task("common", 3)
    tasks = [common, *(_task(f"t{number:05}", number % BLOCK) for number in range(dags // 2))]
    jobs = []
    for number in range(dags * 9 // 10):
        ids = [task["task_id"] for task in draw.sample(tasks[1:], draw.randint(8, 20))]
        if number % 18 == 0:
            ids[3] = common["task_id"]
        jobs.append(_job(f"j{number:05}", ids))
    ids = [job["job_id"] for job in jobs]
    schedulers = [
        _scheduler(f"s{number:05}", draw.sample(ids, draw.randint(1, 10)))
        for number in range(dags // 10)
    ]
    return Warehouse(tasks, jobs, schedulers)


def _job(token: str, ids: list[str]) -> Item:
    config = {"pool": "redshift_transform", "priority_weight": 5, "retries": 4}
    configs = {ids[index]: config for index in range(len(ids)) if index % BLOCK in _CONFIGURED}
    return {
        "job_type": "sales",
        "job_id": token,
        "job_name": f"sales_{token}",
        "status": 1,
        "task_list": ",".join(ids),
        "job_params": json.dumps(_job_params(token)),
        "job_task_dependencies": json.dumps(_dependencies(ids)),
        "job_task_configs": json.dumps(configs),
    }


def _scheduler(token: str, job_ids: list[str]) -> Item:
    dependencies = [{"job_id": after, "pid": job_ids[0]} for after in job_ids[1:]]
    return {
        "schedule_id": token,
        "schedule_name": f"sales_{token}",
        "job_list": ",".join(job_ids),
        "schedule_job_dependencies": json.dumps(dependencies),
        "schedule_params": json.dumps({"schedule_interval": "0 4 * * *", "owner": "sales-data"}),
        "status": 1,
    }


def table(jobs: int, size: int) -> tuple[list[Item], list[Item]]:
    """The items of `jobs` jobs of `size` tasks, and of the tasks.

    Four of five jobs use one task that nine others use too: a tenth of what they name is shared.
    """
    shared = [_task(f"shared{number:05}", 3) for number in range(max(1, jobs * 8 // 100))]
    job_items, task_items = [], list(shared)
    for number in range(jobs):
        borrowed = shared[number % len(shared)] if number % 5 else None
        one = job(f"j{number:05}", size, borrowed)
        job_items.append(one.job)
        task_items += [task for task in one.tasks if task is not borrowed]
    return job_items, task_items


def tokens(prefix: str) -> Iterator[str]:
    """Tokens that never come twice, all of one length."""
    number = 0
    while True:
        yield f"{prefix}{number:05}"
        number += 1


def _job_params(token: str) -> dict[str, Any]:
    return {
        "description": f"Loads the sales of {token} and builds their marts.",
        "owner": "sales-data",
        "tags": ["sales", token],
        "max_active_tasks": 4,
        "execution_timeout": "2h",
        "doc_md": (
            f"### Sales of {token}\n\n"
            "The export is complete when `_SUCCESS` is there. Clearing a task is always safe.\n"
        ),
    }


def _dependencies(ids: list[str]) -> list[dict[str, Any]]:
    dependencies = []
    for index in range(1, len(ids)):
        block = index - index % BLOCK
        pids = [ids[block + position] for position in _UPSTREAM[index % BLOCK]]
        dependencies.append({"task_id": ids[index], "pid": pids[0] if len(pids) == 1 else pids})
    return dependencies


def _task(token: str, index: int) -> Item:
    name = f"{token}_{index:03}"
    kind, params = _KINDS[index % BLOCK](name)
    return {
        "task_id": name,
        "task_name": f"{kind.partition('-')[0].lower()}_{name}",
        "task_type": kind,
        "task_params": json.dumps(params),
        "status": 1,
    }


def _sensor(name: str) -> tuple[str, Item]:
    key = f"sales/{name}/dt={{{{ ds }}}}/_SUCCESS"
    return "S3-SENSOR", {"bucket_key": key, "poke_interval": 120, "timeout": 14400}


def _load(name: str) -> tuple[str, Item]:
    copy = (
        f"COPY staging.sales_{name}\n"
        f"FROM 's3://retail-landing/sales/{name}/dt={{{{ ds }}}}/'\n"
        "IAM_ROLE DEFAULT\nFORMAT AS CSV\nGZIP\nIGNOREHEADER 1\nTIMEFORMAT 'auto'\n"
    )
    return "REDSHIFT-SQL", {"sql": [f"TRUNCATE staging.sales_{name}", copy], "statement_name": name}


def _merge(name: str) -> tuple[str, Item]:
    sql = (
        f"MERGE INTO core.sales_{name}\n"
        f"USING staging.sales_{name} AS new\n"
        f"  ON core.sales_{name}.sale_id = new.sale_id\n"
        "WHEN MATCHED THEN UPDATE SET amount = new.amount, updated_at = new.updated_at\n"
        "WHEN NOT MATCHED THEN INSERT VALUES (new.sale_id, new.amount, new.updated_at)\n"
    )
    return "REDSHIFT-SQL", {"sql": sql, "statement_name": name}


def _mart(name: str) -> tuple[str, Item]:
    return "REDSHIFT-SQL", {
        "sql": f"CALL mart.refresh_sales_{name}('{{{{ ds }}}}')",
        "statement_name": name,
    }


def _check(name: str) -> tuple[str, Item]:
    keywords = {
        "columns": ["sale_id", "amount", "updated_at"],
        "day": "{{ ds }}",
        "minimum_rows": 1000,
        "table": f"core.sales_{name}",
    }
    return "PYTHON", {"callable": "retail.quality:check_rows", "op_kwargs": keywords}


def _export(name: str) -> tuple[str, Item]:
    command = f'aws s3 sync "s3://retail-mart/{name}/" "s3://retail-export/{name}/"'
    env = {"DAY": "{{ ds }}", "EXPORT": name, "REGION": "eu-central-1", "STAGE": "production"}
    return "BASH", {"bash_command": command, "env": env}


def _end(name: str) -> tuple[str, Item]:  # noqa: ARG001  it has no parameters
    return "EMPTY", {}


_KINDS: list[Callable[[str], tuple[str, Item]]] = [
    _sensor, _load, _load, _check, _merge, _mart, _merge, _export, _check, _end,
]  # fmt: skip
