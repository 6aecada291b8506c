"""The functions: one package, one environment, each its own way to start."""

import pytest

from tests.stack.template import ROOT, parsed, resolved

HANDLERS = {"Compiler": "stream", "Rebuild": "rebuild", "Redrive": "redrive"}
MAPPINGS = {
    f"{kind.upper()}_EVENT_SOURCE_MAPPING": f"DagCompilerFunction{kind}Edited"
    for kind in ("Task", "Job", "Scheduler")
}
MEMORY = {
    "Compiler": {"CompilerMemorySize": "512"},
    "Rebuild": {"RebuildMemorySize": "512"},
    "Redrive": {"RebuildMemorySize": "512"},
}


@pytest.mark.parametrize("function", HANDLERS)
def test_handler_and_environment(function: str) -> None:
    properties = resolved(Environment="uat")["Resources"][f"Dag{function}Function"]["Properties"]
    assert properties["CodeUri"] == "functions/"
    assert properties["Handler"] == f"dagc.handlers.{HANDLERS[function]}.handle"
    assert properties["LoggingConfig"] == {"LogGroup": f"Dag{function}LogGroup"}
    variables = dict(properties["Environment"]["Variables"])
    assert variables.pop("DEAD_LETTER_QUEUE_URL", "") == (
        "DeadLetterQueue" if function == "Redrive" else ""
    )
    mappings = {name: variables.pop(name, "") for name in MAPPINGS}
    assert mappings == (MAPPINGS if function == "Rebuild" else dict.fromkeys(MAPPINGS, ""))
    assert variables == {
        "TASK_TABLE": "TaskTable",
        "JOB_TABLE": "JobTable",
        "SCHEDULER_TABLE": "SchedulerTable",
        "DAG_TABLE": "DagTable",
        "DEPENDENCY_TABLE": "DagDependencyTable",
        "DAG_BUCKET": "DagBucket",
        "DAG_PREFIX": "dags/generated/",
        "AIRFLOW_TARGET": "3.0",
        "DAGC_ENVIRONMENT": "uat",
        "PUBLISHES_RUNTIME": "true",
        "EVENT_BUS": "default",
        "MAX_REMOVED_PERCENT": "20",
        "POWERTOOLS_SERVICE_NAME": "dagc-test",
        "POWERTOOLS_METRICS_NAMESPACE": "dagc",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


@pytest.mark.parametrize("function", HANDLERS)
def test_what_it_runs_on_can_be_chosen(function: str) -> None:
    chosen = resolved(Architecture="arm64", PythonRuntime="python3.13", **MEMORY[function])
    properties = chosen["Resources"][f"Dag{function}Function"]["Properties"]
    assert properties["Architectures"] == ["arm64"]
    assert properties["Runtime"] == "python3.13"
    assert properties["MemorySize"] == "512"


@pytest.mark.parametrize("function", [*HANDLERS, "Canary"])
def test_the_makefile_builds_it(function: str) -> None:
    resource = parsed()["Resources"][f"Dag{function}Function"]
    assert resource["Metadata"]["BuildMethod"] == "makefile"
    assert "CodeUri" not in resource["Properties"], "all have one"
    makefile = (ROOT / "functions" / "Makefile").read_text(encoding="utf-8")
    assert f"build-Dag{function}Function" in makefile


def test_no_canary_unless_asked_for() -> None:
    with_one, without = (
        resolved(CanarySchedule="rate(1 hour)")["Resources"],
        resolved()["Resources"],
    )
    assert with_one.keys() - without.keys() == {
        *("DagCanaryFunction", "DagCanaryRole", "DagCanaryLogGroup"),
        *("CanaryScheduleRule", "CanarySchedulePermission", "CanaryFailedAlarm"),
    }
    function = with_one["DagCanaryFunction"]["Properties"]
    assert function["Handler"] == "dagc.handlers.canary.handle"
    assert function["EventInvokeConfig"]["MaximumRetryAttempts"] == 0
    rule = with_one["CanaryScheduleRule"]["Properties"]
    assert rule["ScheduleExpression"] == "rate(1 hour)"
    assert rule["Targets"] == [{"Id": "canary", "Arn": "DagCanaryFunction.Arn"}]
    permission = with_one["CanarySchedulePermission"]["Properties"]
    assert permission["SourceArn"] == "CanaryScheduleRule.Arn"
