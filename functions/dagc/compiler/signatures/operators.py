"""The catalogue of operators, a zip file that is opened when the first operator is looked up.

It holds a file for each class name, with what the class takes in each target, and an index.
"""

import json
from collections.abc import Collection, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagc.compiler.signatures.signature import Signature, read_signature
from dagc.compiler.targets import TARGETS, Target

if TYPE_CHECKING:
    from zipfile import ZipFile

INDEX = "index.json"
"""`names`, the targets of each class name; `moved`, old import paths and those that they became;
`missing`, by target the modules that could not be imported."""

_FIRST = ("", "apache-airflow-providers-standard")
"""The packages whose classes a name alone means, whatever namesakes others have."""


class Operators:
    """The operators and sensors of Airflow and its providers, by name and target."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[str, dict[Target, tuple[Signature, ...]]] = {}

    def find(self, name: str, target: Target) -> tuple[Signature, ...]:
        """Returns the operators of `target` that `name` means: none, one, or namesakes.

        `name` is that of a class, or a whole import path. A path that an older or a newer Airflow
        has means the class of that name which `target` has.
        """
        if "." not in name:
            return _preferred(self._signatures(name).get(target, ()))
        path = self._moved.get(name, name)
        by_target = self._signatures(path.rpartition(".")[2])
        here = by_target.get(target, ())
        for wanted in (name, path):
            if exact := tuple(each for each in here if each.path == wanted):
                return exact
        anywhere = {each.path for found in by_target.values() for each in found}
        return _preferred(here) if path in anywhere else ()

    def names(self, target: Target) -> Collection[str]:
        """Returns the names of all classes that `target` has."""
        return [name for name, targets in self._index["names"].items() if str(target) in targets]

    def renamed(self, name: str) -> str | None:
        """Returns what the class called `name` in some older Airflow is called now."""
        old = f".{name.rpartition('.')[2]}"
        paths = {now for before, now in self._moved.items() if before.endswith(old)}
        return paths.pop().rpartition(".")[2] if len(paths) == 1 else None

    def is_unread(self, path: str, target: Target) -> bool:
        """Whether the module of `path` lacked another package when the catalogue was made."""
        missing = self._index.get("missing", {})
        return path.rpartition(".")[0] in missing.get(str(target), ())

    def targets(self, name: str) -> tuple[Target, ...]:
        """Returns the targets that have what `name` means."""
        return tuple(target for target in TARGETS if self.find(name, target))

    def _signatures(self, name: str) -> Mapping[Target, tuple[Signature, ...]]:
        """What the classes called `name` take, by target."""
        if name not in self._read:
            if name not in self._index["names"]:
                return {}
            content = json.loads(self._zip.read(f"{name}.json"))
            signatures = [read_signature(name, each) for each in content["signatures"]]
            self._read[name] = {
                target: tuple(signatures[number] for number in content["targets"][str(target)])
                for target in TARGETS
                if str(target) in content["targets"]
            }
        return self._read[name]

    @property
    def _moved(self) -> Mapping[str, str]:
        moved: Mapping[str, str] = self._index["moved"]
        return moved

    @cached_property
    def _index(self) -> Mapping[str, Any]:
        index: Mapping[str, Any] = json.loads(self._zip.read(INDEX))
        return index

    @cached_property
    def _zip(self) -> "ZipFile":
        from zipfile import ZipFile

        return ZipFile(BytesIO(self._path.read_bytes()))


def _preferred(namesakes: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """What a name alone means."""
    for package in _FIRST:
        if own := tuple(each for each in namesakes if each.package == package):
            return own
    return namesakes
