"""Which files of SQL the rows of a folder name (`!file`)."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from dagc.row_files.reading.placed_yaml import composed
from dagc.row_files.reading.row_tags import FILE, file_beside


def named_files(content: bytes, path: Path, folder: Path) -> Counter[Path]:
    """The files that a YAML file names, whose links are followed, and how often; none where it is
    no YAML.
    """
    found: Counter[Path] = Counter()
    if FILE.encode() not in content or path.suffix not in (".yaml", ".yml"):
        return found
    todo: list[Any] = []
    with suppress(ValueError):
        todo += composed(content.decode("utf-8-sig"))
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.tag == FILE:
            with suppress(ValueError):
                found[file_beside(path, folder, str(node.value)).resolve()] += 1
        elif isinstance(node, yaml.MappingNode):
            todo += [child for pair in node.value for child in pair]
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value
    return found


def all_named_files(paths: Iterable[Path], folder: Path) -> Counter[Path]:
    """The files that several files name, and how often."""
    found: Counter[Path] = Counter()
    for path in paths:
        found.update(named_files(path.read_bytes(), path, folder))
    return found
