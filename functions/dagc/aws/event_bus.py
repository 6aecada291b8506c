"""Announces on an EventBridge bus what became of DAGs."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from dagc.aws import INFRASTRUCTURE, is_refused
from dagc.aws.backoff import back_off
from dagc.plan.announcement import Announcement

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "dagc"
BATCH_SIZE = 10
"""The most that one PutEvents takes."""
_ATTEMPTS = 3
"""At an event that EventBridge hands back. (A request that fails as a whole, botocore repeats.)"""


class EventBus(NamedTuple):
    """A bus, and the name of this deployment, that each event carries as `stack`."""

    client: "EventBridgeClient"
    name: str
    stack: str

    def announce(self, announcements: Sequence[Announcement]) -> list[Exception | None]:
        """Sends at most BATCH_SIZE events; says of each why it was not taken, None where it was."""
        entries = [self._entry(announcement) for announcement in announcements]
        errors: dict[int, Exception | None] = dict.fromkeys(range(len(entries)))
        left = list(errors)
        for attempt in range(_ATTEMPTS):
            if attempt:
                back_off(attempt)
            errors.update(zip(left, self._send([entries[at] for at in left]), strict=True))
            left = [at for at in left if isinstance(errors[at], _HandedBack)]
            if not left:
                break
        return list(errors.values())

    def _send(self, entries: list[Any]) -> list[Exception | None]:
        """What became of each. A request that is refused may be so for one of them: then each goes
        alone.
        """
        try:
            answer = self.client.put_events(Entries=entries)
        except INFRASTRUCTURE as error:
            if is_refused(error) and len(entries) > 1:
                return [self._send([entry])[0] for entry in entries]
            return [error] * len(entries)
        return [
            _HandedBack.saying(entry) if "ErrorCode" in entry else None
            for entry in answer["Entries"]
        ]

    def _entry(self, announcement: Announcement) -> dict[str, str]:
        return {
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": announcement.kind,
            "Detail": json.dumps({"stack": self.stack, **announcement.detail}),
        }


class _HandedBack(ClientError):  # noqa: N818  said of an event, as ClientError of a request
    """One event of a request was not taken, whatever became of the others."""

    @classmethod
    def saying(cls, entry: Any) -> "_HandedBack":
        """What the answer says of the event."""
        code, message = entry["ErrorCode"], entry.get("ErrorMessage", "")
        return cls({"Error": {"Code": code, "Message": message}}, "PutEvents")
