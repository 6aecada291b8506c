"""`python -m dagc.packaging FOLDER`: precompiles the templates, trims botocore's data."""

import sys
from itertools import product
from pathlib import Path

from dagc.compiler import TARGETS, Diagnostic
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.catalog.precompiled import precompile
from dagc.compiler.catalog.sources import read_sources
from dagc.packaging.service_models import trim


def main(folder: str) -> int:
    """Precompiles `<folder>/dag_templates`; 1, and the diagnostics told, if anything in it is wrong
    for any target, or any section of the defaults.
    """
    templates = Path(folder) / "dag_templates"
    diagnostics: set[Diagnostic] = set(precompile(templates))
    defaults = read_sources([templates])[0].defaults
    sections = map(str, defaults) if isinstance(defaults, dict) else [""]
    for target, section in product(TARGETS, sections):
        diagnostics.update(load_toolchain(target, section, templates)[1])
    trim(Path(folder))
    for diagnostic in sorted(diagnostics):
        sys.stderr.write(f"{diagnostic.place}: {diagnostic.message}. {diagnostic.hint}\n")
    return 1 if diagnostics else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
