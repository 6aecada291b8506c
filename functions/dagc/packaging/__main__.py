"""`python -m dagc.packaging FOLDER`: precompiles the templates, trims botocore's data, writes the
bill of materials.
"""

import sys
from itertools import product
from pathlib import Path

from dagc.compiler import TARGETS, Diagnostic
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.catalog.precompiled import precompile
from dagc.compiler.catalog.sources import read_sources
from dagc.packaging.bill_of_materials import BILL, bill_of_materials
from dagc.packaging.service_models import trim


def main(folder: str) -> int:
    """Precompiles `<folder>/dag_templates` with `<folder>/team` laid over it. Returns 1, and prints
    the diagnostics, if anything in it is wrong for any target, or any section of the defaults.
    """
    templates, team = Path(folder) / "dag_templates", _team(Path(folder))
    diagnostics: set[Diagnostic] = set(precompile(templates, team))
    defaults = read_sources(templates, team)[0].defaults
    sections = map(str, defaults) if isinstance(defaults, dict) else [""]
    for target, section, has_runtime in product(TARGETS, sections, (True, False)):
        diagnostics.update(load_toolchain(target, section, team, has_runtime=has_runtime)[1])
    trim(Path(folder))
    (Path(folder) / BILL).write_text(bill_of_materials(Path(folder)), encoding="utf-8")
    for diagnostic in sorted(diagnostics):
        sys.stderr.write(f"{diagnostic.place}: {diagnostic.message}. {diagnostic.hint}\n")
    return 1 if diagnostics else 0


def _team(folder: Path) -> Path | None:
    return folder / "team" if (folder / "team").is_dir() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
