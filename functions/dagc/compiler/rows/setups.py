"""Reads which task of a job tears down what which others set up: `teardown` in job_task_configs."""

from collections.abc import Container, Mapping

from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.references import Dependencies, id_text


def setup_ids(config: MemberConfig | None) -> list[str]:
    """The ids of the tasks whose setup the task of `config` tears down, as they stand in the row;
    none where it is no teardown.
    """
    given = config.settings.get("teardown") if config else None
    return [id_text(value) or "" for value in given] if isinstance(given, list) else []


def after_setups(
    upstream: Dependencies, configs: Mapping[str, MemberConfig], members: Container[str]
) -> Dependencies:
    """`upstream`, in which each teardown also follows those of its setups that are `members`."""
    result = dict(upstream)
    for task_id, config in configs.items():
        if setups := [setup for setup in setup_ids(config) if setup in members]:
            result[task_id] = list(dict.fromkeys([*upstream.get(task_id, ()), *setups]))
    return result
