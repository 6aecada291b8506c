"""What lets the compiler take second looks, and how long a call can be late."""

import json

from dagc.plan.second_look import EVERY, LATEST
from tests.stack.template import resolved

SIGNATURE = 15 * 60
"""Seconds for which AWS takes a request after it was signed."""


def test_the_rule() -> None:
    rule = resolved(RebuildSchedule="off")["Resources"]["SecondLooksRule"]["Properties"]
    assert rule["ScheduleExpression"] == f"rate({EVERY // 60} minutes)"
    [target] = rule["Targets"]
    assert target["Arn"] == "DagCompilerFunction.Arn"
    assert json.loads(target["Input"]) == {"take": "second looks"}


def test_just_the_rule_may_start_it() -> None:
    permission = resolved()["Resources"]["SecondLooksPermission"]["Properties"]
    assert permission == {
        "FunctionName": "DagCompilerFunction",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": "SecondLooksRule.Arn",
    }


def test_no_function_outlives_the_last_look() -> None:
    resources = resolved()["Resources"]
    for function in ("Compiler", "Rebuild", "Redrive"):
        timeout = resources[f"Dag{function}Function"]["Properties"]["Timeout"]
        assert timeout + SIGNATURE < LATEST
