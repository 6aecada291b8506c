"""All that a file depends on beside the rows: templates, task types, defaults, target."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment

from dagc.rows.defaults import Defaults
from dagc.targets import Target
from dagc.tasktypes import TaskType


@dataclass(frozen=True, slots=True)
class Toolchain:
    """What compiles rows. `types` are by normalized name; `imports` map every name that a file
    may import to its module.
    """

    target: Target
    types: Mapping[str, TaskType]
    defaults: Defaults
    imports: Mapping[str, str]
    environment: Environment
