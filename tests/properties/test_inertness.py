"""No text in any row becomes code: the file's literals equal the row's values."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.schema.formats import duration
from dagc.compiler.targets import Target
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, codes, compile_items, toolchain
from tests.properties.generated_file import GeneratedFile, read_file
from tests.properties.hostile import LEGAL_TEXTS, PHRASES, TEXTS, json_values
from tests.properties.parameters import declarations, parameters
from tests.properties.real_names import REAL_NAMES

DECLARATIONS = declarations()
FEW = settings(max_examples=EXAMPLES // 8)
"""For each of the types."""
HOSTILE_KEY = st.one_of(TEXTS, st.sampled_from(["coding: utf-7", "coding=rot13", "# fmt: off"]))
_ELSEWHERE = {"callable", "payload", "job_flow_name", "cluster_states", "when", "unless"}
"""Parameters that do not stand in the file under their own name, or not as they are."""


def _rows(
    kind: str, params: Any, settings: dict[str, Any], key: str, name: str = "t"
) -> tuple[Any, Any]:
    task = {"task_id": f"7{key}", "task_name": name, "task_type": kind, "task_params": params}
    settings = {f"7{key}".strip(): settings} if settings else {}
    job = {"job_type": key, "job_id": key, "job_name": "j", "job_task_configs": settings}
    return task, job | {"task_list": [f"7{key}"]}


def _text(artifact: Any) -> str:
    """The file's text, once Python has read it and black has left it alone."""
    assert artifact.text is not None, artifact.diagnostics
    compile(artifact.text.encode(), "dag.py", "exec")
    assert_black_stable(artifact.text)
    return str(artifact.text)


def _assert_given(params: dict[str, Any], arguments: dict[str, Any]) -> None:
    """Each given parameter is an argument that equals it."""
    driver = arguments.get("job_driver", {}).get("sparkSubmit", {})
    spark = {
        "entry_point": driver.get("entryPoint"),
        "entry_point_arguments": driver.get("entryPointArguments"),
        "spark_submit_parameters": driver.get("sparkSubmitParameters"),
    }
    found = {**arguments, **arguments.get("default_args", {}), **(spark if driver else {})}
    for name, value in params.items():
        if name == "env" and "project_dir" in params:  # of DBT, which adds its own
            assert found[name].items() >= value.items()
        elif name in found and name not in _ELSEWHERE:
            length = duration(value)
            assert found[name] == value or found[name] == length, name
    if "payload" in params:
        assert json.loads(found["payload"]) == params["payload"]
    if "callable" in params:
        assert ":".join(found["python_callable"]) == params["callable"]


@pytest.mark.parametrize("kind", DECLARATIONS)
@FEW
@given(data=st.data(), target=st.sampled_from(ALL_TARGETS))
def test_parameters(kind: str, data: st.DataObject, target: Target) -> None:
    params = data.draw(parameters(DECLARATIONS[kind], LEGAL_TEXTS))
    key = data.draw(LEGAL_TEXTS).replace(",", "").strip()
    retries = data.draw(st.sampled_from([{}, {"retries": 3, "doc_md": 'a"""\nb\\'}]))
    task, job = _rows(kind, params, retries, key, data.draw(REAL_NAMES))
    [artifact] = compile_items([task], [job], tools=toolchain(target))
    assert not has_errors(artifact.diagnostics), artifact.diagnostics
    file = read_file(_text(artifact))
    [(_, arguments)] = file.tasks.values()
    _assert_given({**params, **retries}, arguments)


@pytest.mark.parametrize("kind", DECLARATIONS)
@FEW
@given(data=st.data(), key=HOSTILE_KEY)
def test_hostile_parameters(kind: str, data: st.DataObject, key: str) -> None:
    params = data.draw(parameters(DECLARATIONS[kind], TEXTS))
    task, job = _rows(kind, params, {"owner": data.draw(TEXTS)}, key)
    [artifact] = compile_items([task], [job])
    if artifact.text is None:
        assert has_errors(artifact.diagnostics)
        assert "bad-template" not in codes([artifact])
    else:
        compile(artifact.text.encode(), "dag.py", "exec")
        [(_, arguments)] = read_file(artifact.text).tasks.values()
        _assert_given(params, arguments)


@FEW
@given(
    name=st.one_of(TEXTS, REAL_NAMES, HOSTILE_KEY),
    env=st.dictionaries(st.from_regex("[A-Z]{1,3}", fullmatch=True), LEGAL_TEXTS, max_size=2),
    key=HOSTILE_KEY,
)
def test_names_of_their_own(name: str, env: dict[str, str], key: str) -> None:
    task, job = _rows("BASH", {"bash_command": "true", "env": {"A": "a"}}, {}, key)
    job["task_list"] += [{"task_id": task["task_id"], "as": name}]
    job["job_task_configs"] = [{"task_id": name, "params": {"env": env}}]
    [artifact] = compile_items([task], [job])
    if artifact.text is None:
        assert has_errors(artifact.diagnostics)
        assert "bad-template" not in codes([artifact])
    else:
        found = {id_: it["env"] for id_, (_, it) in read_file(_text(artifact)).tasks.items()}
        assert found == {"t": {"A": "a"}, name: {"A": "a", **env}}


@FEW
@given(
    name=st.one_of(TEXTS, REAL_NAMES, HOSTILE_KEY),
    conf=st.dictionaries(LEGAL_TEXTS, LEGAL_TEXTS, max_size=2),
    target=st.sampled_from(ALL_TARGETS),
)
def test_names_of_their_own_in_schedulers(name: str, conf: dict[str, str], target: Target) -> None:
    task = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
    scheduler = {
        "schedule_id": "1", "schedule_name": "s", "job_list": ["1", {"job_id": "1", "as": name}],
        "schedule_job_configs": [{"job_id": name, "conf": conf}],
        "schedule_params": {"schedule_interval": "@daily"},
    }  # fmt: skip
    _, artifact = compile_items([task], [job], [scheduler], toolchain(target))
    if artifact.text is None:
        assert has_errors(artifact.diagnostics)
        assert "bad-template" not in codes([artifact])
    else:
        file = read_file(_text(artifact))
        _, own = file.tasks[f"trigger_{name}"]
        assert own.get("conf", {}) == conf
        assert own["trigger_run_id"].startswith(f"schedule-s:{name[:50]}")
        assert own["logical_date"] != file.dag["default_args"]["logical_date"]


@FEW
@given(
    texts=st.lists(LEGAL_TEXTS.filter(bool), min_size=6, max_size=6),
    params=st.dictionaries(LEGAL_TEXTS, json_values(LEGAL_TEXTS), max_size=3),
    target=st.sampled_from(ALL_TARGETS),
    names=st.tuples(REAL_NAMES, REAL_NAMES),
)
def test_settings(
    texts: list[str], params: dict[str, Any], target: Target, names: tuple[str, str]
) -> None:
    owner, queue, tag, doc, description, key = (text[:50] for text in texts)
    shared = {"owner": owner, "tags": [tag], "doc_md": f"{doc}.", "params": params}
    task = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
    job = {
        "job_type": key, "job_id": "2", "job_name": names[0], "task_list": "1",
        "job_params": {**shared, "description": description, "queue": queue},
    }  # fmt: skip
    scheduler = {
        "schedule_id": key, "schedule_name": names[1], "job_list": "2",
        "schedule_description": description,
        "schedule_params": {**shared, "schedule_interval": "@daily", "conf": params},
    }  # fmt: skip
    artifacts = compile_items([task], [job], [scheduler], toolchain(target))
    assert not has_errors([d for artifact in artifacts for d in artifact.diagnostics])
    files = [read_file(_text(artifact)) for artifact in artifacts]
    for file in files:
        assert file.dag["params"] == params
        assert file.dag["tags"] == [tag]
        assert file.dag["doc_md"] == f"{doc}."
        assert file.dag["description"] == description
        assert file.dag["default_args"]["owner"] == owner
    assert files[0].dag["default_args"]["queue"] == queue
    assert files[1].tasks[f"trigger_{names[0]}"][1]["conf"] == params


@FEW
@given(
    texts=st.lists(LEGAL_TEXTS, min_size=4, max_size=4),
    target=st.sampled_from(ALL_TARGETS),
    has_runtime=st.booleans(),
)
def test_where_failures_are_reported(
    texts: list[str], target: Target, *, has_runtime: bool
) -> None:
    topic, channel, to, sender = (f"{{{{ x }}}}{text}" for text in texts)
    on_failure = {"sns_topic_arn": topic, "slack_channel": channel, "email_to": [to, to]}
    rows = {name: dict(row) for name, row in GOOD.items()}
    rows["mwaa_job"]["job_params"] = {"on_failure": on_failure | {"email_from": sender}}
    tools = toolchain(target, has_runtime=has_runtime)
    [artifact] = compile_items([rows["mwaa_task"]], [rows["mwaa_job"]], tools=tools)
    file = read_file(_text(artifact))
    assert file.dag["on_failure_callback"] == list(file.alerts)
    assert file.dag["default_args"]["on_failure_callback"] == list(file.alerts)
    assert list(file.alerts.values()) == [
        ("send_sns", {"sns_topic_arn": topic}),
        ("send_slack", {"slack_channel": channel}),
        ("send_smtp", {"email_to": [to, to], "email_from": sender}),
    ]


@FEW
@given(text=LEGAL_TEXTS, connection=LEGAL_TEXTS, target=st.sampled_from(ALL_TARGETS[-3:]))
def test_whom_a_late_run_is_told(text: str, connection: str, target: Target) -> None:
    address = f"{text}@example.com"
    deadline = {"interval": 60, "email_to": [address], "email_from": address}
    rows = {name: dict(row) for name, row in GOOD.items()}
    rows["mwaa_job"]["job_params"] = {"deadline": deadline | {"smtp_conn_id": connection or None}}
    [artifact] = compile_items([rows["mwaa_task"]], [rows["mwaa_job"]], tools=toolchain(target))
    if artifact.text is None:  # an address with a blank in it, say
        assert has_errors(artifact.diagnostics)
        return
    _, _, alert = read_file(_text(artifact)).dag["deadline"]
    _, [notifier], arguments = alert["callback"]
    assert notifier == "airflow.providers.smtp.notifications.smtp.SmtpNotifier"
    message = arguments["kwargs"]
    assert (message["to"], message["from_email"]) == ([address], address)
    assert message.get("smtp_conn_id", "") == connection


@FEW
@given(job_id=TEXTS, target=st.sampled_from(ALL_TARGETS))
def test_the_id_of_a_job_that_is_an_asset(job_id: str, target: Target) -> None:
    rows = {name: dict(row) for name, row in GOOD.items()}
    rows["mwaa_job"] |= {"job_id": job_id, "job_params": {"asset": True}}
    other = {"job_type": "b", "job_id": "other", "job_name": "o", "task_list": "1"}
    rows["mwaa_scheduler"] |= {
        "job_list": ["other"],
        "schedule_params": {"assets": [{"job": job_id}]},
    }
    jobs = [rows["mwaa_job"], other] if job_id != "other" else [rows["mwaa_job"]]
    artifacts = compile_items(
        [rows["mwaa_task"]], jobs, [rows["mwaa_scheduler"]], toolchain(target)
    )
    files = {it.dag_id: read_file(_text(it)) for it in artifacts if it.text is not None}
    if {"job-j", "schedule-s"} <= files.keys():
        [(_, [uri], _)] = files["job-j"].tasks["end"][1]["outlets"]
        assert files["schedule-s"].dag["schedule"] == [
            ("Asset" if target.major > 2 else "Dataset", [uri], {})
        ]
    else:
        assert has_errors([it for artifact in artifacts for it in artifact.diagnostics])


ATTRIBUTES = {
    "mwaa_task": ["task_id", "task_name", "task_type", "task_params", "status"],
    "mwaa_job": [
        "job_type", "job_id", "job_name", "job_params", "task_list", "job_task_dependencies",
        "job_task_configs", "status",
    ],
    "mwaa_scheduler": [
        "schedule_id", "schedule_name", "schedule_description", "job_list",
        "schedule_job_dependencies", "schedule_job_configs", "schedule_params", "status",
    ],
}  # fmt: skip
GOOD: dict[str, dict[str, Any]] = {
    "mwaa_task": {
        "task_id": "1", "task_name": "t", "task_type": "BASH",
        "task_params": {"bash_command": "true"},
    },
    "mwaa_job": {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"},
    "mwaa_scheduler": {
        "schedule_id": "1", "schedule_name": "s", "job_list": "1",
        "schedule_params": {"schedule_interval": "@daily"},
    },
}  # fmt: skip
PLACES = [(table, attribute) for table, names in ATTRIBUTES.items() for attribute in names]


@pytest.mark.parametrize(("table", "attribute"), PLACES, ids=str)
def test_a_hostile_text_in_each_attribute(table: str, attribute: str) -> None:
    files = set()
    for text in [*PHRASES, *(json.dumps(phrase) for phrase in PHRASES)]:
        rows = {name: dict(row) for name, row in GOOD.items()}
        rows[table][attribute] = text
        tasks, jobs, schedulers = ([row] for row in rows.values())
        files |= {artifact.text for artifact in compile_items(tasks, jobs, schedulers)}
    for file in files - {None}:
        assert file is not None
        read_file(file)


def test_a_long_sql_text() -> None:
    sql = 'SELECT \'"""\' AS "a\\" -- {% raw %}{{ ds }}{% endraw %} \n' * 6000
    task = {
        "task_id": "1", "task_name": "t", "task_type": "SQL",
        "task_params": {"sql": sql, "conn_id": "x"},
    }  # fmt: skip
    assert len(sql) > 300_000
    [artifact] = compile_items([task], [GOOD["mwaa_job"]])
    assert artifact.text is not None
    file: GeneratedFile = read_file(artifact.text)
    assert file.tasks["t"][1]["sql"] == sql
