"""All that a file depends on beside the rows: templates, task types, defaults, target."""

from collections.abc import Mapping
from typing import NamedTuple

from dagc.compiler.python_source.functions import FunctionSource
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.signatures.operators import Operators
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType
from dagc.compiler.templating.template import Template


class Toolchain(NamedTuple):
    """What compiles rows. `types` are by normalized name; `names`
    are what texts that Airflow renders may use; `operators` are those of Airflow and its providers,
    read as they are asked for; `imports` map every name that a file
    may import to its module; `templates` are by file name. `alert_functions` are those that a file
    calls to report a failure, by name; None where it imports them from the published runtime.
    `fingerprint` is a digest of all of it and of the compiler itself.
    """

    target: Target
    types: Mapping[str, TaskType]
    defaults: Defaults
    names: TemplateNames
    operators: Operators
    imports: Mapping[str, str]
    templates: Mapping[str, Template]
    alert_functions: Mapping[str, FunctionSource] | None
    fingerprint: str
