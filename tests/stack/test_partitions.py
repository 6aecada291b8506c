"""The template is for every partition: in China, ARNs and endpoints have other names."""

import json
import re

import pytest

from tests.stack import template
from tests.stack.template import TEMPLATE, resolved

EVERYTHING = {
    "CreateMwaaEnvironment": "true",
    "MwaaSubnetIds": "subnet-0a,subnet-0b",
    "MwaaSecurityGroupIds": "sg-0a",
    "AlarmEmail": "a@example.com",
    "CanarySchedule": "rate(1 hour)",
}
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def test_no_partition_is_written_by_hand() -> None:
    assert not re.findall(r"arn:aws[\w-]*:", TEMPLATE.read_text())


def test_every_arn_is_of_this_partition() -> None:
    text = json.dumps(resolved(**EVERYTHING))
    assert set(re.findall(r"arn:([\w-]+):", text)) == {"aws-cn"}
    assert set(re.findall(r"(?:s3|sqs)\.cn-north-1\.[\w.]+", text)) == {
        "sqs.cn-north-1.amazonaws.com.cn"
    }


def test_services_have_their_names_there() -> None:
    """None of these services has a name of its own in China, unlike EC2."""
    principals = set(
        re.findall(r"\b[\w-]+\.amazonaws\.com(?!\.cn)", json.dumps(resolved(**EVERYTHING)))
    )
    assert principals == {
        "lambda.amazonaws.com",
        "events.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "airflow.amazonaws.com",
        "airflow-env.amazonaws.com",
    }


@pytest.mark.parametrize(("partition", "console"), CONSOLES.items())
def test_the_dashboard_is_found(
    partition: str, console: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(template.PSEUDO, "AWS::Partition", partition)
    url = resolved()["Outputs"]["DashboardUrl"]["Value"]
    assert url == (f"https://{console}/cloudwatch/home?region=cn-north-1#dashboards:name=dagc-test")
