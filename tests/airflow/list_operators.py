"""Lists the operators and sensors of the Airflow that runs this, and of its providers.

    python -m tests.airflow.list_operators > report.json

The report: `packages`, the version of each; `operators`, an entry for each class
(`operator_record.py`); `moved`, old import paths and the new ones; `missing`, the modules that
cannot be imported here, and why.
"""

import ast
import importlib
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import PurePosixPath
from typing import Any

FOLDERS = {"operators", "sensors", "transfers"}
"""Where Airflow and its providers keep them."""
AIRFLOW = ("apache-airflow", "apache-airflow-core", "apache-airflow-task-sdk")


def main() -> None:
    """Write the report to the standard output."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {"AIRFLOW_HOME": home, "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL"}
        warnings.simplefilter("ignore")
        report = list_operators()
    sys.stdout.write("\n" + json.dumps(report))


def list_operators() -> dict[str, Any]:
    """The report."""
    from tests.airflow.operator_record import describe, is_operator

    packages: dict[str, str] = {}
    operators: list[dict[str, Any]] = []
    missing: dict[str, str] = {}
    moved: dict[str, str] = {}
    for package, version, name, path in sorted(_modules()):
        packages[package] = version
        if path.endswith("__init__.py"):
            moved |= _moved(name, path)
        try:
            module = importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  whatever it is, it cannot be read here
            missing[name] = f"{type(error).__name__}: {error}".splitlines()[0]
            continue
        classes = (
            value
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == name and is_operator(value)
        )
        of = "" if package in AIRFLOW else package
        found = {each.__name__: describe(each, of) for each in classes}
        operators += [found[each] for each in sorted(found)]
    return {"packages": packages, "operators": operators, "moved": moved, "missing": missing}


def _modules() -> Iterator[tuple[str, str, str, str]]:
    """The package, its version, the name and the path of each module that may have operators."""
    for distribution in distributions():
        package = distribution.metadata["Name"].lower().replace("_", "-")
        if not package.startswith(AIRFLOW):
            continue
        for file in distribution.files or ():
            parts = PurePosixPath(file).with_suffix("").parts
            if parts[0] == "airflow" and file.suffix == ".py" and FOLDERS & set(parts):
                name = ".".join(parts).removesuffix(".__init__")
                if not {"example_dags", "tests", "decorators"} & set(parts):
                    yield package, distribution.version, name, str(distribution.locate_file(file))


def _moved(package: str, path: str) -> Iterator[tuple[str, str]]:
    """The old import paths of classes that `airflow/operators/__init__.py` and such list."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  a path as the distribution has it
        tree = ast.parse(file.read())
    for node in tree.body:
        if isinstance(node, ast.Assign) and "deprecated_classes" in ast.unparse(node.targets[0]):
            for module, classes in ast.literal_eval(node.value).items():
                for name, new in classes.items():
                    yield f"{package}.{module}.{name}", new


if __name__ == "__main__":
    main()
