"""Alarms, dashboard and runbook: of the metrics that there are, and of one mind."""

import json
import re
from typing import Any

import pytest

from tests.stack.template import ROOT, resolved

OWN_METRICS = {
    *("Compiled", "Unchanged", "Published", "Invalid", "Removed", "Blocked", "Drift"),
    *("EditToFile", "HandedBack", "RemovalsRefused", "StoppedStreams"),
}
METRICS = {
    "dagc": OWN_METRICS,
    "AWS/Lambda": {"Invocations", "Errors", "Throttles", "Duration", "IteratorAge"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible"},
}
DIMENSIONS = {
    "dagc": {("service", "dagc-test")},
    "AWS/Lambda": {
        ("FunctionName", f"Dag{name}Function")
        for name in ("Compiler", "Rebuild", "Redrive", "Canary")
    },
    "AWS/SQS": {("QueueName", "DeadLetterQueue.QueueName")},
}
ALL = {"CanarySchedule": "rate(1 hour)"}
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def alarms(**parameters: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in resolved(**{**ALL, **parameters})["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def dashboard(**parameters: str) -> list[dict[str, Any]]:
    properties = resolved(**{**ALL, **parameters})["Resources"]["Dashboard"]["Properties"]
    widgets: list[dict[str, Any]] = json.loads(properties["DashboardBody"])["widgets"]
    return widgets


def test_what_must_not_go_unnoticed_has_an_alarm() -> None:
    watched = {
        (alarm["MetricName"], *(dimension["Value"] for dimension in alarm["Dimensions"]))
        for alarm in alarms().values()
    }
    functions = ["DagCompilerFunction", "DagRebuildFunction", "DagRedriveFunction"]
    assert watched == {
        ("IteratorAge", "DagCompilerFunction"),
        ("Errors", "DagCanaryFunction"),
        *(("Errors", name) for name in functions),
        ("Throttles", "DagCompilerFunction"),
        ("ApproximateNumberOfMessagesVisible", "DeadLetterQueue.QueueName"),
        *((name, "dagc-test") for name in ("Invalid", "Blocked", "Drift", "RemovalsRefused")),
        *((name, "dagc-test") for name in ("HandedBack", "StoppedStreams")),
    }


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_watches_a_metric_that_there_is_and_reports_both_ways(name: str) -> None:
    alarm = alarms()[name]
    assert alarm["MetricName"] in METRICS[alarm["Namespace"]]
    (dimension,) = alarm["Dimensions"]
    assert (dimension["Name"], dimension["Value"]) in DIMENSIONS[alarm["Namespace"]]
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["AlarmTopic"]
    assert alarm["TreatMissingData"] in {"notBreaching", "ignore", "breaching"}


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_leads_to_its_section_of_the_runbook(name: str) -> None:
    alarm = alarms()[name]
    heading = alarm["AlarmName"].removeprefix("dagc-test-")
    assert alarm["AlarmDescription"].endswith(f" See docs/runbook.md#{heading}")
    section = re.search(rf"^### {heading}\n(.*?)^##", RUNBOOK, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    for part in ("**Means**", "**Look**", "**Do**", "**Clears**"):
        assert part in section[1], heading


def test_the_runbook_knows_no_other_alarms() -> None:
    alarm_sections = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (.+)$", alarm_sections, re.MULTILINE)
    assert sorted(headings) == sorted(
        alarm["AlarmName"].removeprefix("dagc-test-") for alarm in alarms().values()
    )
    assert re.findall(r"^\| \[`(.+?)`\]", alarm_sections, re.MULTILINE) == headings


def test_a_rebuild_that_does_not_come_is_noticed() -> None:
    """An hour counts as bad when every run failed, and when there was none."""
    overdue = alarms(RebuildOverdueHours="6")["RebuildOverdueAlarm"]
    assert (overdue["Statistic"], overdue["Threshold"]) == ("Minimum", 1)
    assert overdue["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert overdue["TreatMissingData"] == "breaching"
    assert (overdue["Period"], overdue["EvaluationPeriods"]) == (3600, "6")


def test_alarms_can_use_the_topics_key() -> None:
    """The key that SNS has by itself is closed to CloudWatch: such alarms would be silent."""
    resources = resolved()["Resources"]
    assert resources["AlarmTopic"]["Properties"]["KmsMasterKeyId"] == "AlarmKey"
    statements = resources["AlarmKey"]["Properties"]["KeyPolicy"]["Statement"]
    assert {
        "Sid": "UsedByAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    } in statements


def test_somebody_hears_the_alarms_if_they_say_so() -> None:
    assert "AlarmEmailSubscription" not in resolved()["Resources"]
    subscription = resolved(AlarmEmail="a@example.com")["Resources"]["AlarmEmailSubscription"]
    assert subscription["Properties"] == {
        "TopicArn": "AlarmTopic",
        "Protocol": "email",
        "Endpoint": "a@example.com",
    }


@pytest.mark.parametrize("canary", ["rate(1 hour)", "off"])
@pytest.mark.parametrize("schedule", ["rate(1 hour)", "off"])
def test_the_dashboard_shows_all_alarms(schedule: str, canary: str) -> None:
    chosen = {"RebuildSchedule": schedule, "CanarySchedule": canary}
    (shown,) = (w["properties"]["alarms"] for w in dashboard(**chosen) if w["type"] == "alarm")
    assert sorted(shown) == sorted(f"{name}.Arn" for name in alarms(**chosen))


def test_no_dashboard_if_none_is_wanted() -> None:
    without = resolved(CreateDashboard="false")
    assert "Dashboard" not in without["Resources"]
    assert "DashboardUrl" not in without["Outputs"]


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    shown = [
        metric
        for widget in dashboard()
        if widget["type"] == "metric"
        for metric in widget["properties"]["metrics"]
    ]
    for namespace, metric, name, value, options in shown:
        assert metric in METRICS[namespace]
        assert (name, value) in DIMENSIONS[namespace]
        assert options.keys() <= {"stat", "label", "yAxis"}
    assert {metric for namespace, metric, *_ in shown if namespace == "dagc"} == OWN_METRICS


def test_the_dashboard_is_of_its_own_region() -> None:
    regions = {w["properties"].get("region") for w in dashboard() if w["type"] != "alarm"}
    assert regions == {"cn-north-1"}


def test_the_dashboards_widgets_lie_side_by_side() -> None:
    cells = [
        (x, y)
        for widget in dashboard()
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
