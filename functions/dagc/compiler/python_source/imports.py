"""The import block of a file: sorted as isort sorts, in black's layout."""

import sys
from collections.abc import Mapping

from dagc.compiler.python_source.layout import WIDTH

MODULE = ""
"""In place of a module: the name is itself a module, as in `import pendulum`."""


def import_block(names: Mapping[str, str]) -> str:
    """The statements that import `names`, a mapping of each name to its module (or `MODULE`). One
    that is imported by another name (`Asset as Asset_2`) has a statement of its own.
    """
    sections: tuple[list[str], list[str]] = ([], [])
    plain = sorted(name for name, module in names.items() if module == MODULE)
    for name in plain:
        sections[_is_third_party(name)].append(f"import {name}")
    by_module: dict[str, list[str]] = {}
    for name, module in names.items():
        by_module.setdefault(module, []).append(name)
    by_module.pop(MODULE, None)
    for module in sorted(by_module):
        members = sorted(by_module[module], key=_isort_key)
        own = [name for name in members if " as " not in name]
        groups = [own] if own else []
        groups += [[name] for name in members if name not in own]
        groups.sort(key=lambda group: _isort_key(group[0]))
        statements = [_from_import(module, group) for group in groups]
        sections[_is_third_party(module)].extend(statements)
    return "\n\n".join("\n".join(section) for section in sections if section)


def _from_import(module: str, members: list[str]) -> str:
    line = f"from {module} import {', '.join(members)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {m}," for m in members), ")"])


def _isort_key(name: str) -> tuple[int, str, str]:
    """Isort's default order: constants, then classes, then the rest."""
    name = name.partition(" as ")[0]
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name.lower(), name


def _is_third_party(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] not in sys.stdlib_module_names
