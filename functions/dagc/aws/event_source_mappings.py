"""Reads the event source mappings, through which the three streams invoke the compiler."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from dagc.plan.stream_delivery import EventSourceMapping


class EventSourceMappings(NamedTuple):
    """Reads them with Lambda's `client`. `ids` are theirs, by the original names of the tables."""

    client: Any
    ids: Mapping[str, str]

    def read(self, table: str) -> EventSourceMapping:
        """Read the mapping of the stream of `table` (its original name), as it is now."""
        try:
            found = self.client.get_event_source_mapping(UUID=self.ids[table])
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return EventSourceMapping(state="")
            raise
        return mapping_from(found)


def mapping_from(found: Mapping[str, Any]) -> EventSourceMapping:
    """Makes a mapping of what Lambda answers about it."""
    return EventSourceMapping(
        state=found["State"],
        stream=found["EventSourceArn"],
        result=found.get("LastProcessingResult", ""),
    )
