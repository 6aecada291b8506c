"""Announces on an EventBridge bus what became of DAGs."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from dagc.plan.announcement import Announcement

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "dagc"
BATCH_SIZE = 10
"""The most that one PutEvents takes."""


class EventBus(NamedTuple):
    """A bus, and the name of this deployment, that each event carries as `stack`."""

    client: "EventBridgeClient"
    name: str
    stack: str

    def announce(self, announcements: Sequence[Announcement]) -> None:
        """Sends at most BATCH_SIZE events. Raises botocore's ClientError if one is not taken."""
        answer = self.client.put_events(
            Entries=[
                {
                    "EventBusName": self.name,
                    "Source": SOURCE,
                    "DetailType": announcement.kind,
                    "Detail": json.dumps({"stack": self.stack, **announcement.detail}),
                }
                for announcement in announcements
            ]
        )
        if answer["FailedEntryCount"]:
            first = next(entry for entry in answer["Entries"] if "ErrorCode" in entry)
            code, message = first["ErrorCode"], first.get("ErrorMessage", "")
            raise ClientError({"Error": {"Code": code, "Message": message}}, "PutEvents")
