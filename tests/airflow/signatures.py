"""Writes down which of some arguments each of some operators takes in a real Airflow.

    python signatures.py ARGUMENT[,ARGUMENT…] MODULE:CLASS… > report.json
    python signatures.py own MODULE:CLASS… > report.json

The report: {"MODULE:CLASS": ["database", …]}; of `own`, all that an operator takes beside what
every operator takes. Airflow fills the parameters of every `__init__` on
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
            operator: sorted(
                own_parameters(operator)
                if names == "own"
                else set(parameters(operator)).intersection(names.split(","))
            )
            for operator in operators
        }
    json.dump(report, sys.stdout)


def parameters(operator: str) -> Iterator[str]:
    """The names of what the `__init__` of the operator and of its bases take."""
    module, _, name = operator.partition(":")
    for each in getattr(importlib.import_module(module), name).__mro__:
        if "__init__" in vars(each):
            yield from inspect.signature(each.__init__).parameters


def own_parameters(operator: str) -> set[str]:
    """The names of what the operator and its bases take, up to BaseOperator."""
    module, _, name = operator.partition(":")
    found: set[str] = set()
    for base in getattr(importlib.import_module(module), name).__mro__:
        if base.__name__ == "BaseOperator":
            break
        if "__init__" in vars(base):
            signature = inspect.signature(inspect.unwrap(vars(base)["__init__"]))
            found |= {p.name for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD}
    return found - {"self", "args"}


if __name__ == "__main__":
    main()
