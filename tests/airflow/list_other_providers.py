"""Lists which modules import another provider than their own package brings.

    python -m tests.airflow.list_other_providers NAMES MODULE PACKAGE MODULE PACKAGE … > report.json

It reads their texts in the Airflow that runs this, installed or not what they import. NAMES are
those of the providers, such as `amazon,cncf-kubernetes`. The report: {module: [name]}.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

PROVIDERS = "airflow.providers."


def main(names: str, *pairs: str) -> None:
    """Write the report to the standard output."""
    known = names.split(",")
    found = {
        module: sorted({*_imported(module, known)} - _brought(package))
        for module, package in zip(pairs[::2], pairs[1::2], strict=True)
    }
    sys.stdout.write(json.dumps({module: others for module, others in found.items() if others}))


def _imported(module: str, known: list[str]) -> Iterator[str]:
    """The providers that a module cannot be imported without."""
    paths = (Path(folder, *module.split(".")).with_suffix(".py") for folder in sys.path)
    text = next(path for path in paths if path.exists()).read_text("utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PROVIDERS):
            path = f"{node.module}.".removeprefix(PROVIDERS).replace(".", "-")
            yield from (name for name in known if path.startswith(f"{name}-"))


def _brought(package: str) -> set[str]:
    """The provider of a pip package, and those that it requires whatever is asked of it."""
    needed = [text for text in requires(package) or () if "extra ==" not in text]
    packages = [package, *(re.split(r"[^A-Za-z0-9-]", text)[0] for text in needed)]
    return {each.removeprefix("apache-airflow-providers-") for each in packages}


if __name__ == "__main__":
    main(*sys.argv[1:])
