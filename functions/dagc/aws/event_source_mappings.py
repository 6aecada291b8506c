"""The event source mappings through which the streams of the three tables invoke the compiler."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from dagc.plan.stream_delivery import EventSourceMapping


class EventSourceMappings(NamedTuple):
    """Their ids, by the original name of the table; and Lambda's client."""

    client: Any
    ids: Mapping[str, str]

    def read(self, table: str) -> EventSourceMapping:
        """The mapping of a table's stream, as it is now."""
        try:
            found = self.client.get_event_source_mapping(UUID=self.ids[table])
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return EventSourceMapping(state="")
            raise
        return EventSourceMapping(
            state=found["State"],
            stream=found["EventSourceArn"],
            result=found.get("LastProcessingResult", ""),
        )
