"""Reads the members of a DAG (the tasks of a job, the jobs of a scheduler), and their settings."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.rows.attributes import Attributes
from dagc.compiler.rows.member_lists import Alias, row_ids
from dagc.compiler.schema.layers import LayerSchema

MAX_MEMBERS = 5_000
MAX_IDS_SIZE = 100_000
"""How many bytes the ids that one row names may take together. The compiler's record of the DAG
lists them all, and DynamoDB holds no item above 400 kB. (Airflow is slow with such a DAG long
before.)
"""


class MemberConfig(NamedTuple):
    """The settings that a row gives to one of its members, and the path at which they stand."""

    path: JsonPath
    settings: Mapping[str, Any]


def members(
    attributes: Attributes, mentions: Mapping[str, Iterable[str]], aliases: Mapping[str, Alias]
) -> dict[str, str]:
    """Returns the ids of a DAG's members, each once, with the attribute that mentions it first.
    `mentions` holds the ids in each attribute, and `aliases` the rows of those that are names.

    There are no members, but a diagnostic, where they are too many to be recorded.
    """
    result: dict[str, str] = {}
    for attribute, ids in mentions.items():
        for id_ in ids:
            result.setdefault(id_, attribute)
    size = sum(len(id_.encode(errors="replace")) for id_ in row_ids(result, aliases))
    if len(result) <= MAX_MEMBERS and size <= MAX_IDS_SIZE:
        return result
    message = (
        f"it names {len(result):,} ids of {size:,} bytes together, "
        f"where at most {MAX_MEMBERS:,} ids of {MAX_IDS_SIZE:,} bytes are allowed"
    )
    hint = "Split it into several rows, or take ids out."
    attributes.report(result.popitem()[1], [Problem(Code.TOO_LARGE, message, hint)])
    return {}


def are_too_many(ids: Collection[str]) -> bool:
    """Says whether these are more ids than one row may name."""
    return (
        len(ids) > MAX_MEMBERS
        or sum(len(id_.encode(errors="replace")) for id_ in ids) > MAX_IDS_SIZE
    )


def member_configs(
    attributes: Attributes, attribute: str, id_name: str, schema: LayerSchema
) -> dict[str, MemberConfig]:
    """Returns the settings in `attribute` by the id of the member, checked against `schema`."""
    problems: list[Problem] = []
    configs = {
        id_: MemberConfig(path, schema.check(config, path, problems))
        for id_, (path, config) in attributes.configs(attribute, id_name).items()
    }
    attributes.report(attribute, problems)
    return configs
