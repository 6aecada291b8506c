"""Task types: what `dag_templates/tasks/<type>.yaml` declares about a kind of task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagc.schema.checks import SchemaError
from dagc.schema.layers import LayerSchema, compile_layers
from dagc.targets import Target

_KEYS = {"type", "summary", "imports", "params", "formatted", "template_ext"}


@dataclass(frozen=True, slots=True)
class TaskType:
    """A type of task. `imports` maps each name that its template may use to its module, for one
    target; `formatted` says that the template prints black's layout by itself.
    """

    name: str
    template: str
    template_ext: tuple[str, ...]
    imports: Mapping[str, str]
    params: LayerSchema
    formatted: bool


def normalized(name: str) -> str:
    """The form in which type names are compared: case, `-` and `_` do not matter."""
    return name.strip().lower().replace("-", "").replace("_", "")


def read_task_type(declaration: Any, file_stem: str, target: Target) -> TaskType:
    """The type that `tasks/<file_stem>.yaml` declares; SchemaError if it is wrong."""
    where = f"tasks/{file_stem}.yaml"
    if not isinstance(declaration, Mapping):
        raise SchemaError(f"{where} holds no mapping")
    if unknown := set(declaration) - _KEYS:
        raise SchemaError(f"{where}: unknown key {min(unknown)!r}")
    if not isinstance(declaration.get("type"), str):
        raise SchemaError(f"{where}: 'type' is missing")
    return TaskType(
        name=declaration["type"],
        template=f"tasks/{file_stem}.py.jinja",
        template_ext=tuple(declaration.get("template_ext") or ()),
        imports=_imports(declaration.get("imports") or {}, target, where),
        params=compile_layers(declaration.get("params") or {}, f"{where}: params"),
        formatted=bool(declaration.get("formatted", False)),
    )


def _imports(declared: Mapping[str, Any], target: Target, where: str) -> dict[str, str]:
    """The module of each name in `target`: the entry for "3.0" wins over the one for "3"."""
    modules = {}
    for name, entry in declared.items():
        module = entry
        if isinstance(entry, Mapping):
            module = entry.get(str(target), entry.get(str(target.major)))
            if module is None:
                continue
        if not isinstance(module, str):
            raise SchemaError(f"{where}: imports.{name} names no module")
        modules[name] = module
    return modules
