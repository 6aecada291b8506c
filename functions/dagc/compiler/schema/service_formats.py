"""Reads the `format`s of parameters that only one service, or one operator, reads so."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.sql_check_formats import column_checks, table_checks
from dagc.compiler.schema.templated_texts import has_jinja

_S3_FOLDER = re.compile(r"s3://[^/].*|\{[{%].*", re.DOTALL | re.IGNORECASE)
_S3_BUCKET_ADDRESS = re.compile(r"s3[na]?://([^/]*)/*(.*)", re.DOTALL | re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"(?:s3[na]?|https?)://", re.IGNORECASE)

_WEB_ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)

DBT_OPTIONS = {
    "profiles_dir": "--profiles-dir",
    "profile": "--profile",
    "target": "--target",
    "selector": "--selector",
    "select": "--select",
    "exclude": "--exclude",
    "vars": "--vars",
}
"""By parameter of DBT, what dbt calls it."""
DBT_VARIABLES = {name: name.upper() for name in ("executable", "project_dir", *DBT_OPTIONS)}
"""By parameter of DBT, the environment variable that holds it."""


def s3_folder(value: Any) -> Any:
    """Reads `s3://bucket/folder/`, or a text that begins with Jinja."""
    if _S3_FOLDER.fullmatch(value):
        return value
    path = re.sub(r"\A(?:s3[na]?:/*|/+)", "", value, flags=re.IGNORECASE)
    return Mistake(
        f"{_shown(value)} is no address in S3",
        "Write 's3://bucket/folder/'.",
        proposals=(f"s3://{path}",) if path and "://" not in path else (),
    )


def s3_bucket(value: Any) -> Any:
    """Reads the name of a bucket, the ARN of an access point, or Jinja; no address."""
    address = _S3_BUCKET_ADDRESS.fullmatch(value)
    if address is None:
        return value
    bucket, key = address.groups()
    return Mistake(
        f"{_shown(value)} is an address, and no name of a bucket",
        "Write the bucket's name alone.",
        proposals=(bucket,) if bucket and not key else (),
    )


def s3_keys(value: Any) -> Any:
    """Reads the keys beside a bucket: none is an address, unless one begins with `s3://`, for then
    the bucket is left out (`S3Hook.get_s3_bucket_key` takes one of the two).
    """
    texts = _texts(value)
    if not any(text.startswith("s3://") for text in texts):
        for text in texts:
            if _OTHER_ADDRESS.match(text):
                return Mistake(
                    f"{_shown(text)} is an address, where a key of bucket_name is asked for",
                    "Write the key alone, or the whole address with s3:// in small letters.",
                )
    return value


def s3_bare_key(value: Any) -> Any:
    """Reads the key beside a bucket: no address (`S3Hook.get_s3_bucket_key` takes one of both)."""
    if _OTHER_ADDRESS.match(value):
        return Mistake(
            f"{_shown(value)} is an address, where a key is asked for, for the bucket is given",
            "Write the key alone, or the whole address and no bucket.",
        )
    return value


def regular_expressions(value: Any) -> Any:
    """Reads a regular expression of Python, or several; what has Jinja in it may be any."""
    for text in _texts(value):
        if has_jinja(text):
            continue
        try:
            with warnings.catch_warnings(action="ignore"):
                re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            return Mistake(
                f"{_shown(text)} is no regular expression: {error}",
                "Write one of Python's, with a backslash before a character that is meant itself.",
            )
    return value


def environment(value: Any) -> Any:
    """Reads the environment of a process: a name is not empty, and without `=` (`subprocess`)."""
    for name in value:
        if not name or "=" in name:
            return Mistake(f"{_shown(name)} is no name of a variable", "Write NAME: value.")
    return dict(value)


def dbt_environment(value: Any) -> Any:
    """Reads the variables of a DBT task: none is one that its other parameters make."""
    for name in value:
        if name in DBT_VARIABLES.values():
            message = f"{name} is what the command itself has {name.lower()!r} in"
            return Mistake(message, f"Write it as {name.lower()}, or call it otherwise.")
    return environment(value)


def http_endpoint(value: Any) -> Any:
    """Reads what HttpHook puts behind the address of its connection, which it always has."""
    if _WEB_ADDRESS.match(value):
        return Mistake(
            f"{_shown(value)} is a whole address, where what comes behind the connection's is "
            "asked for",
            "Write the path alone, and the rest in the connection of http_conn_id.",
        )
    return value


def glue_arguments(value: Any) -> Any:
    """Reads the arguments of a Glue job: Glue wants `--` before their names ("Developer Guide",
    Using job parameters in AWS Glue jobs).
    """
    for name in value:
        if not name.startswith("--"):
            return Mistake(
                f"{_shown(name)} does not begin with --, as the names of a Glue job's arguments do",
                "Write -- before it.",
                proposals=({f"--{key.lstrip('-')}": text for key, text in value.items()},),
            )
    return dict(value)


def glue_run(value: Any) -> Any:
    """Reads what is added to a call of StartJobRun: nothing that `GlueJobHook` gives it itself, for
    Python takes no argument twice.
    """
    for name, parameter in {"JobName": "job_name", "Arguments": "script_args"}.items():
        if name in value:
            return Mistake(
                f"{name!r} is nothing further: the operator gives it from {parameter}",
                f"Write it in {parameter}.",
            )
    return dict(value)


SERVICE_FORMATS: Mapping[str, Callable[[Any], Any]] = {
    "column-checks": column_checks,
    "dbt-environment": dbt_environment,
    "environment": environment,
    "glue-arguments": glue_arguments,
    "glue-run": glue_run,
    "http-endpoint": http_endpoint,
    "regular-expressions": regular_expressions,
    "s3-bare-key": s3_bare_key,
    "s3-bucket": s3_bucket,
    "s3-folder": s3_folder,
    "s3-keys": s3_keys,
    "table-checks": table_checks,
}
OF_OBJECTS = frozenset(
    {
        "column-checks",
        "dbt-environment",
        "environment",
        "glue-arguments",
        "glue-run",
        "table-checks",
    }
)
"""The formats of objects; the others are of texts, or of lists of them."""


def _texts(value: Any) -> list[str]:
    texts: Iterator[Any] = iter(value if isinstance(value, list) else [value])
    return [text for text in texts if isinstance(text, str)]


def _shown(value: str) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:56]}…{text[-1]}"
