"""Writes down which of some arguments each of some operators takes in a real Airflow.

    python signatures.py ARGUMENT[,ARGUMENT…] MODULE:CLASS… > report.json

The report: {"MODULE:CLASS": ["database", …]}. Airflow fills the parameters of every `__init__` on
the way from a class to its bases out of `default_args`, and so these are what counts.
"""

import importlib
import inspect
import json
import os
import sys
import tempfile
from collections.abc import Iterator


def main() -> None:
    """Write the report to the standard output."""
    names, *operators = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {"AIRFLOW_HOME": home, "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL"}
        report = {
            operator: sorted(set(parameters(operator)).intersection(names.split(",")))
            for operator in operators
        }
    json.dump(report, sys.stdout)


def parameters(operator: str) -> Iterator[str]:
    """The names of what the `__init__` of the operator and of its bases take."""
    module, _, name = operator.partition(":")
    for each in getattr(importlib.import_module(module), name).__mro__:
        if "__init__" in vars(each):
            yield from inspect.signature(each.__init__).parameters


if __name__ == "__main__":
    main()
