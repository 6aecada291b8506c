"""All that a file depends on beside the rows: templates, task types, defaults, target."""

from collections.abc import Mapping
from typing import NamedTuple

from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType
from dagc.compiler.templating.template import Template


class Toolchain(NamedTuple):
    """What compiles rows. `types` are by normalized name; `imports` map every name that a file
    may import to its module; `templates` are by file name. `fingerprint`
    is a digest of all of it and of the compiler itself.
    """

    target: Target
    types: Mapping[str, TaskType]
    defaults: Defaults
    imports: Mapping[str, str]
    templates: Mapping[str, Template]
    fingerprint: str
