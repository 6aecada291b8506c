"""Cuts botocore's descriptions of AWS down to the operations that the compiler calls.

At a cold start botocore reads the whole description of each service and makes a method of each
operation: half of the CPU that two clients take (measured). It reads the same files as before here,
with less in them. An operation that is not listed below has no method in the deployed function.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OPERATIONS = {
    "dynamodb": {
        "BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem",
        "DescribeEndpoints", "DescribeTable", "PutItem", "Query", "Scan", "UpdateItem",
    },
    "dynamodbstreams": {"GetRecords", "GetShardIterator"},
    "events": {"PutEvents"},
    "lambda": {"GetEventSourceMapping"},
    "s3": {
        "DeleteObject", "GetObject", "HeadBucket", "HeadObject", "ListObjectsV2", "PutObject",
    },
    "sqs": {"DeleteMessage", "GetQueueAttributes", "ReceiveMessage"},
}  # fmt: skip
"""By service. DescribeEndpoints and HeadBucket are what botocore itself may call, for the endpoint
discovery of the one and the redirects of the other."""


def trim(folder: Path) -> None:
    """Trims the data of the botocore in `folder`, a built package."""
    data = folder / "botocore" / "data"
    prefixes = set()
    for service, operations in OPERATIONS.items():
        # botocore takes the newest version of an API.
        *older, path = sorted(data.glob(f"{service}/*/service-2.json.gz"))
        for old in older:
            shutil.rmtree(old.parent)
        model = json.loads(gzip.decompress(path.read_bytes()))
        path.with_suffix("").write_text(json.dumps(_trimmed(model, operations)))
        path.unlink()
        # Not always the name: that of dynamodbstreams is `streams.dynamodb`.
        prefixes.add(model["metadata"]["endpointPrefix"])
    endpoints = data / "endpoints.json"
    if endpoints.is_file():
        content = json.loads(endpoints.read_text())
        for partition in content["partitions"]:
            services = partition["services"]
            partition["services"] = {
                name: services[name] for name in sorted(prefixes & services.keys())
            }
        endpoints.write_text(json.dumps(content))


def _trimmed(model: dict[str, Any], operations: set[str]) -> dict[str, Any]:
    """`model` with only these operations, and the shapes that they reach."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    shapes: dict[str, Any] = {}
    pending = list(_shape_names(kept))
    while pending:
        name = pending.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            pending.extend(_shape_names(shapes[name]))
    return {**model, "operations": kept, "shapes": shapes}


def _shape_names(node: Any) -> Iterator[str]:
    """The names of the shapes that `node` refers to, by `{"shape": name}`."""
    if isinstance(node, dict):
        if isinstance(node.get("shape"), str):
            yield node["shape"]
        for value in node.values():
            yield from _shape_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _shape_names(value)
