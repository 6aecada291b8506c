"""Which streams deliver their edits, by what Lambda and DynamoDB say of them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.aws.event_source_mappings import EventSourceMappings
from dagc.plan.stream_delivery import VIEW, EventSourceMapping, delivery_problem

STREAM = "arn:aws:dynamodb:eu-central-1:123456789012:table/mwaa_task/stream/2026-01-01"
OTHER = STREAM.replace("2026", "2025")


@pytest.mark.parametrize("state", ["Creating", "Enabling", "Enabled", "Updating"])
@pytest.mark.parametrize(
    "result", ["", "No records processed", "OK", "PROBLEM: Function call failed"]
)
def test_it_delivers(state: str, result: str) -> None:
    assert delivery_problem(EventSourceMapping(state, STREAM, result), STREAM, VIEW) is None


@pytest.mark.parametrize(
    ("mapping", "stream", "problem"),
    [
        (EventSourceMapping(""), STREAM, "deleted"),
        (EventSourceMapping("Disabled", STREAM), STREAM, "is Disabled"),
        (EventSourceMapping("Disabling", STREAM), STREAM, "is Disabling"),
        (EventSourceMapping("Deleting", STREAM), STREAM, "is Deleting"),
        (EventSourceMapping("Enabled", STREAM), "", "turned off"),
        (EventSourceMapping("Enabled", OTHER), STREAM, OTHER),
        (EventSourceMapping("Enabled", STREAM, "PROBLEM: Cannot access"), STREAM, "Cannot access"),
    ],
)
def test_it_does_not(mapping: EventSourceMapping, stream: str, problem: str) -> None:
    assert problem in (delivery_problem(mapping, stream, VIEW) or "")


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_that_says_too_little(view: str) -> None:
    problem = delivery_problem(EventSourceMapping("Enabled", STREAM, "OK"), STREAM, view)
    assert problem == (
        f"the table's stream holds {view} of an edit, and the compiler needs NEW_AND_OLD_IMAGES"
    )


class Lambda:
    """Describes the mapping `there`, and answers with an error for any other."""

    def __init__(self, code: str) -> None:
        self.code = code

    def get_event_source_mapping(self, UUID: str) -> dict[str, Any]:  # noqa: N803  boto3's name
        """As boto3's client does it."""
        if UUID == "there":
            return {"UUID": UUID, "State": "Enabled", "EventSourceArn": STREAM}
        raise ClientError({"Error": {"Code": self.code}}, "GetEventSourceMapping")


def test_a_mapping_that_was_deleted_is_no_error() -> None:
    mappings = EventSourceMappings(
        Lambda("ResourceNotFoundException"), {"mwaa_task": "there", "mwaa_job": "gone"}
    )
    assert mappings.read("mwaa_task") == EventSourceMapping("Enabled", STREAM)
    assert mappings.read("mwaa_job") == EventSourceMapping("")


def test_a_missing_permission_is_one() -> None:
    mappings = EventSourceMappings(Lambda("AccessDeniedException"), {"mwaa_job": "gone"})
    with pytest.raises(ClientError):
        mappings.read("mwaa_job")
