"""Reads what a task of a job is mapped over: `expand` in job_task_configs."""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.rows.members import MemberConfig

EXPAND = "expand"


def given_expand(config: MemberConfig | None) -> Mapping[str, Any]:
    """Returns what the task of `config` is mapped over, by parameter, as the row has it."""
    given = config.settings.get(EXPAND) if config else None
    return given if isinstance(given, dict) else {}
