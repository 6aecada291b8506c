"""What starts a rebuild: a schedule, and the end of a deployment of this very stack."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from demo.local_aws import LocalAws, local_aws
from tests.stack.sent import stack_status
from tests.stack.template import PSEUDO, resolved

OTHER_STACK = PSEUDO["AWS::StackId"].replace("dagc-test", "dagc-other")


def test_a_schedule() -> None:
    resources = resolved(RebuildSchedule="cron(0 3 * * ? *)")["Resources"]
    rule = resources["RebuildScheduleRule"]["Properties"]
    assert rule["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert rule["Targets"] == [{"Id": "rebuild", "Arn": "DagRebuildFunction.Arn"}]


def test_no_schedule() -> None:
    with_schedule, without = resolved()["Resources"], resolved(RebuildSchedule="off")["Resources"]
    assert with_schedule.keys() - without.keys() == {
        "RebuildScheduleRule",
        "RebuildSchedulePermission",
        "RebuildOverdueAlarm",
    }


@pytest.mark.parametrize("rule", ["RebuildSchedule", "Deployed"])
def test_just_the_rule_may_start_it(rule: str) -> None:
    resources = resolved()["Resources"]
    permission = resources[f"{rule}Permission"]["Properties"]
    name = "RebuildScheduleRule" if rule == "RebuildSchedule" else "DeployedRule"
    assert permission == {
        "FunctionName": "DagRebuildFunction",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": f"{name}.Arn",
    }


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Its EventBridge says what a pattern matches."""
    with local_aws() as running:
        yield running


@pytest.mark.parametrize(
    ("sent", "matches"),
    [
        (stack_status("CREATE_COMPLETE"), True),
        (stack_status("UPDATE_COMPLETE"), True),
        (stack_status("UPDATE_ROLLBACK_COMPLETE"), True),
        (stack_status("UPDATE_IN_PROGRESS"), False),
        (stack_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), False),
        (stack_status("DELETE_COMPLETE"), False),
        (stack_status("ROLLBACK_COMPLETE"), False),
        (stack_status("UPDATE_COMPLETE", OTHER_STACK), False),
        (
            stack_status(
                "UPDATE_COMPLETE", **{"detail-type": "CloudFormation Resource Status Change"}
            ),
            False,
        ),
        (stack_status("UPDATE_COMPLETE", source="somebody"), False),
    ],
    ids=lambda value: value if isinstance(value, bool) else json.dumps(value["detail"])[:90],
)
def test_the_end_of_a_deployment_of_this_stack(
    aws: LocalAws,
    sent: dict[str, Any],
    matches: bool,  # noqa: FBT001
) -> None:
    pattern = resolved()["Resources"]["DeployedRule"]["Properties"]["EventPattern"]
    events = aws.session().client("events", endpoint_url=aws.endpoint)
    found = events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(sent))
    assert found["Result"] is matches
