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
        return _mapping(found)


def mappings_of(client: Any, function: str) -> dict[str, EventSourceMapping]:
    """Reads all mappings of a function with Lambda's `client`, by the ARN of their stream."""
    pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName=function)
    found = [mapping for page in pages for mapping in page["EventSourceMappings"]]
    return {mapping["EventSourceArn"]: _mapping(mapping) for mapping in found}


def _mapping(found: Mapping[str, Any]) -> EventSourceMapping:
    return EventSourceMapping(
        state=found["State"],
        stream=found["EventSourceArn"],
        result=found.get("LastProcessingResult", ""),
    )
