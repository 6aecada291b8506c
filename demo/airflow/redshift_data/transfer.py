"""COPY and UNLOAD carried out: rows between a table and the objects of the local AWS's S3."""

import gzip

import psycopg
from mypy_boto3_s3 import S3Client
from psycopg import sql

from demo.airflow.redshift_data.errors import StatementError
from demo.airflow.redshift_data.transfer_syntax import Copy, Options, Unload

Connection = psycopg.Connection[tuple[object, ...]]

_TEXT_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
  AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
"""


def copy(connection: Connection, s3: S3Client, command: Copy) -> int:
    """Add every row of every object that begins with the address; return how many."""
    bucket, prefix = _split(command.source)
    keys = _keys(s3, bucket, prefix)
    if not keys:
        raise StatementError(f"ERROR: The specified S3 prefix '{prefix}' does not exist")
    into = sql.SQL("COPY {} {} FROM STDIN ({})").format(
        _raw(command.table), _raw(command.columns), _layout(connection, command)
    )
    skipped = int(command.options.get("IGNOREHEADER", "0"))
    with connection.cursor() as cursor:
        with cursor.copy(into) as stream:
            for key in keys:
                body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                lines = _unpacked(body, command.options).splitlines(keepends=True)[skipped:]
                stream.write(_ended(b"".join(lines)))
        return cursor.rowcount


def unload(connection: Connection, s3: S3Client, command: Unload) -> int:
    """Write the query's rows into one object; return how many."""
    bucket, prefix = _split(command.target)
    options = command.options
    if "ALLOWOVERWRITE" not in options and _keys(s3, bucket, prefix):
        raise StatementError(
            "ERROR: Specified unload destination on S3 is not empty. Consider using a different"
            " bucket / prefix, manually removing the target files in S3, or using the"
            " ALLOWOVERWRITE option."
        )
    header = sql.SQL(", HEADER" if "HEADER" in options else "")
    out = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, DELIMITER {}{})").format(
        _raw(command.query), sql.Literal(_delimiter(options)), header
    )
    with connection.cursor() as cursor:
        with cursor.copy(out) as stream:
            body = b"".join(bytes(part) for part in stream)
        count = cursor.rowcount
    alone = options.get("PARALLEL", "ON").upper() in {"OFF", "FALSE"}
    key = prefix + ("000" if alone else "0000_part_00")
    if "GZIP" in options:
        key, body = f"{key}.gz", gzip.compress(body)
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    return count


def _layout(connection: Connection, command: Copy) -> sql.Composable:
    """The options with which PostgreSQL reads the objects."""
    layout: sql.Composable = sql.SQL("FORMAT csv, DELIMITER {}").format(
        sql.Literal(_delimiter(command.options))
    )
    # An empty field of a text column is an empty text, unless one asks for NULL.
    if "EMPTYASNULL" not in command.options:
        known = [str(row[0]) for row in connection.execute(_TEXT_COLUMNS, [command.table])]
        named = {name.strip(' ()"').lower() for name in command.columns.split(",")} - {""}
        if texts := [name for name in known if not named or name in named]:
            columns = sql.SQL(", ").join(sql.Identifier(name) for name in texts)
            layout = sql.SQL("{}, FORCE_NOT_NULL ({})").format(layout, columns)
    return layout


def _delimiter(options: Options) -> str:
    if "CSV" not in options and options.get("FORMAT", "").upper() != "CSV":
        raise StatementError("ERROR: the local Redshift moves rows as FORMAT AS CSV only")
    return options.get("DELIMITER", ",")


def _unpacked(body: bytes, options: Options) -> bytes:
    return gzip.decompress(body) if "GZIP" in options else body


def _ended(body: bytes) -> bytes:
    return body if not body or body.endswith(b"\n") else body + b"\n"


def _keys(s3: S3Client, bucket: str, prefix: str) -> list[str]:
    try:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]
    except s3.exceptions.ClientError as error:
        raise StatementError(f"ERROR: S3ServiceException: {error}") from error


def _split(address: str) -> tuple[str, str]:
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    return bucket, prefix


def _raw(text: str) -> sql.SQL:
    # SQL that a statement's author wrote: its whole point is to be run.
    return sql.SQL(text)
