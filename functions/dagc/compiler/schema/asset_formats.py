"""The URIs of jobs that are assets, and the formats of settings that name assets.

A job's URI is made of its `job_id` alone: so a scheduler that it starts need not read its row.
(Airflow takes URIs that begin with `x-` as they are: `_sanitize_uri` of its assets.)
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from dagc.compiler.schema.formats import Mistake, asset_uri

_BEGINNING = "x-job://"


def job_asset_uri(job_id: str) -> str:
    """The URI of the job with this id."""
    return f"{_BEGINNING}{quote(job_id, safe='')}"


def job_of_asset(uri: str) -> str | None:
    """The id of the job whose URI `uri` is; None where it is that of something else."""
    return unquote(uri.removeprefix(_BEGINNING)) if uri.startswith(_BEGINNING) else None


def job_asset(value: Any) -> bool | str | Mistake:
    """Reads whether a job is an asset, or the URI that it has as one."""
    return value if isinstance(value, bool) else asset_uri(value)


def asset_or_job(value: Any) -> str | Mistake:
    """Reads the URI of an asset; of a job, `{"job": its id}` stands for that."""
    if isinstance(value, str):
        return asset_uri(value)
    job_id = str(value["job"])
    if not job_id:
        return Mistake("an id with nothing in it", "Write the job_id of a job.")
    return asset_uri(job_asset_uri(job_id))


ASSET_FORMATS: Mapping[str, Callable[[Any], Any]] = {
    "job-asset": job_asset,
    "asset-or-job": asset_or_job,
}
