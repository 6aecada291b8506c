"""Where a DAG's file is in the bucket, and which DAG's file an object can be."""

from dagc.compiler import is_named


def object_key(dag_id: str, prefix: str) -> str:
    """The key of a DAG's file."""
    return f"{prefix}{dag_id}.py"


def dag_id_of_object(key: str, prefix: str) -> str | None:
    """The DAG id whose file has this key; None if it can be no DAG's."""
    name = key.removeprefix(prefix)
    is_file = name.startswith(("job-", "schedule-")) and name.endswith(".py") and "/" not in name
    return name.removesuffix(".py") if is_file and is_named(name) else None
