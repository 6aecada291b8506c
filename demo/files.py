"""The DAG files in the bucket."""

from dataclasses import dataclass

from demo.stack import Stack

Versions = dict[str, str]
"""The S3 version of every file that is there, by DAG id."""


@dataclass(frozen=True)
class DagFile:
    """One version of one file."""

    dag_id: str
    version: str
    text: str


def versions(stack: Stack) -> Versions:
    """What is in the bucket now."""
    pages = stack.s3.get_paginator("list_object_versions").paginate(
        Bucket=stack.bucket, Prefix=stack.prefix
    )
    return {
        dag_id(stack, found["Key"]): found["VersionId"]
        for page in pages
        for found in page.get("Versions", [])
        if found["IsLatest"] and found["Key"].endswith(".py")
    }


def read(stack: Stack, dag: str) -> DagFile:
    """The newest version of a DAG's file."""
    found = stack.s3.get_object(Bucket=stack.bucket, Key=key(stack, dag))
    return DagFile(dag, found["VersionId"], found["Body"].read().decode())


def write(stack: Stack, dag: str, text: str) -> None:
    """Put a file there by hand, as nobody should."""
    stack.s3.put_object(Bucket=stack.bucket, Key=key(stack, dag), Body=text.encode())


def delete(stack: Stack, dag: str) -> None:
    """Delete a file by hand, as nobody should."""
    stack.s3.delete_object(Bucket=stack.bucket, Key=key(stack, dag))


def key(stack: Stack, dag: str) -> str:
    """The object of a DAG."""
    return f"{stack.prefix}{dag}.py"


def dag_id(stack: Stack, object_key: str) -> str:
    """The DAG of an object."""
    return object_key.removeprefix(stack.prefix).removesuffix(".py")
