"""Keeps the catalog that a command has read for the next one: YAML takes longer than JSON."""

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemLoader

from dagc.compiler.catalog.sources import Catalog, fingerprint_of, folders_of, read_sources
from dagc.compiler.diagnostics import Diagnostic
from dagc.compiler.templating.bytecode import Bytecode


def read_kept_sources(
    built_in: Path, team: Path | None, kept: Path | None
) -> tuple[Catalog, list[Diagnostic]]:
    """Returns what `read_sources` does, from a file in the folder `kept` if nothing has changed
    since that was written; otherwise writes it, if that is possible. None keeps nothing.
    """
    if kept is None:
        return read_sources(built_in, team)
    file = kept / f"{sha256(f'{built_in} {team}'.encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError):
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint_of(built_in, team):
            return Catalog(**content, loader=FileSystemLoader(folders_of(built_in, team))), []
    catalog, diagnostics = read_sources(built_in, team)
    if not diagnostics:
        content = {name: value for name, value in catalog._asdict().items() if name != "loader"}
        with suppress(OSError, TypeError):  # a Decimal is none of JSON's
            begun = file.with_suffix(f".{catalog.fingerprint[-8:]}")
            begun.write_text(json.dumps(content), encoding="utf-8")
            begun.replace(file)
    return catalog, diagnostics


def bytecode_in(kept: Path | None, fingerprint: str) -> Bytecode | None:
    """Returns what keeps the compiled templates of a catalog with that fingerprint. Whether a
    template is as it was, it looks by itself.
    """
    return Bytecode(kept, made_by=fingerprint.partition(" templates=")[0]) if kept else None
