"""Finishes a built Lambda package: `python -m dagc.package FOLDER` precompiles its templates."""

import sys
from pathlib import Path

from dagc.catalog.load import load_toolchain
from dagc.catalog.precompiled import precompile
from dagc.diagnostics import Diagnostic
from dagc.targets import TARGETS


def main(folder: str) -> int:
    """Precompiles `<folder>/dag_templates`; 1, and the diagnostics told, if it is wrong."""
    templates = Path(folder) / "dag_templates"
    diagnostics: set[Diagnostic] = set(precompile(templates))
    for target in TARGETS:
        diagnostics.update(load_toolchain(target, "", templates)[1])
    for diagnostic in sorted(diagnostics):
        sys.stderr.write(f"{diagnostic.place}: {diagnostic.message}. {diagnostic.hint}\n")
    return 1 if diagnostics else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
