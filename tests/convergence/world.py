"""Random edits of a small world, where everything meets: few ids, few names, all kinds of rows."""

import json
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

_TASK_IDS = ("1", "2")
_AGAIN = [{"task_id": task_id, "as": "again"} for task_id in _TASK_IDS]
"""Tasks under a name of its own; a job with both is in error."""
_JOBS = (("a", "1"), ("a", "2"), ("b", "2"))
"""Two of them have the same job id: a scheduler that names it is in error."""


def _mostly(right: list[Any], wrong: list[Any]) -> st.SearchStrategy[Any]:
    """One of `right`, one time in ten of `wrong`."""
    return st.sampled_from([*right * (9 * len(wrong)), *wrong * len(right)])


def _written(ids: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[Any]:
    """A list of ids: native, or a text with the ids in quotes, or one of JSON."""
    return ids | ids.map(json.dumps) | ids.filter(_plain).map(lambda it: json.dumps(it)[1:-1])


def _plain(ids: list[Any]) -> bool:
    return all(isinstance(id_, str) for id_ in ids)


_NAMES = _mostly(["x", "y"], ["no name", ""])
_SCHEDULE_NAMES = _mostly(["x", "y", "z"], ["no name", ""])
_STATUS = _mostly([1], [0])


def tasks() -> st.SearchStrategy[Row]:
    """A task: right, wrong or disabled."""
    return st.builds(
        lambda task_id, command, kind, status: {
            "task_id": task_id,
            "task_name": f"task_{task_id}",
            "task_type": kind,
            "task_params": {"bash_command": command},
            "status": status,
        },
        st.sampled_from(_TASK_IDS),
        st.sampled_from(["true", "false", "date"]),
        _mostly(["BASH"], ["COBOL"]),
        _STATUS,
    )


def jobs() -> st.SearchStrategy[Row]:
    """A job of some of the tasks; its name may be that of another, or none."""
    return st.builds(
        lambda key, name, members, owner, status: {
            "job_type": key[0],
            "job_id": key[1],
            "job_name": name,
            "task_list": members,
            "job_params": owner,
            "status": status,
            "comment": "the user's own",
        },
        st.sampled_from(_JOBS),
        _NAMES,
        _written(
            st.lists(_mostly([*_TASK_IDS, *_AGAIN], ["4"]), min_size=1, max_size=3, unique_by=str)
        ),
        _mostly(['{"owner": "me"}', '{"owner": "you"}'], ["{"]),
        _STATUS,
    )


def schedulers() -> st.SearchStrategy[Row]:
    """A scheduler of some of the jobs."""
    again = {"job_id": "1", "as": "again"}
    return st.builds(
        lambda schedule_id, name, members, interval, status: {
            "schedule_id": schedule_id,
            "schedule_name": name,
            "job_list": members,
            "schedule_params": {"schedule_interval": interval},
            "status": status,
        },
        st.sampled_from(["1", "2", "3"]),
        _SCHEDULE_NAMES,
        _written(
            st.lists(st.sampled_from(["1", "2", again]), min_size=1, max_size=2, unique_by=str)
        ),
        _mostly(["@daily", "@hourly"], ["on Sundays"]),
        _STATUS,
    )


def rows() -> st.SearchStrategy[tuple[str, Row]]:
    """A row, and its table."""
    return st.one_of(
        st.tuples(st.just("mwaa_task"), tasks()),
        st.tuples(st.just("mwaa_job"), jobs()),
        st.tuples(st.just("mwaa_job"), jobs()),
        st.tuples(st.just("mwaa_scheduler"), schedulers()),
    )


def narrowed(table: str, row: Row) -> Row:
    """The row as the only one of its table, that the others name: so that edits meet."""
    only: dict[str, Row] = {
        "mwaa_task": {"task_id": "1"},
        "mwaa_job": {"job_type": "a", "job_id": "1", "job_name": "x", "task_list": ["1"]},
        "mwaa_scheduler": {"schedule_id": "1", "schedule_name": "x", "job_list": "1"},
    }
    return row | only[table]


def sharing(table: str, row: Row) -> Row:
    """The row as one whose job or scheduler has a name of its own and is right, but for what it
    names: so that schedulers meet at jobs.
    """
    if table == "mwaa_job":
        only = {"job_type": "a", "job_name": f"j{row['job_id']}", "task_list": ["1"]}
        return row | only | {"job_params": "{}"}
    if table == "mwaa_scheduler":
        daily = {"schedule_interval": "@daily"}
        return row | {"schedule_name": f"s{row['schedule_id']}", "schedule_params": daily}
    return row | {"task_id": "1", "task_type": "BASH", "status": 1}
