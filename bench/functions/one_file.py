"""The least that an edit can be: a function that is invoked, and puts one file."""

import os

import boto3

s3 = boto3.client("s3")


def handle(_event: object, _context: object) -> dict[str, str]:
    """Puts the same file each time, in no folder of DAGs."""
    s3.put_object(Bucket=os.environ["DAG_BUCKET"], Key="bench/one_file.py", Body=b"#" * 8000)
    return {}
