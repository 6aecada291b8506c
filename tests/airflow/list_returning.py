"""Lists which of the operators in PATHS wait for what they start, of the Airflow that runs this.

python -m tests.airflow.list_returning WAITS PATH… > waits.json

The report: for each that can be imported here and has one of the arguments WAITS (names, with
commas between them), whether that is on by default.
"""

import importlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterator


def main(waits: str, *paths: str) -> None:
    """Write the report to the standard output."""
    warnings.simplefilter("ignore")
    names = waits.split(",")
    found = {name: is_on for path in paths for name, is_on in _waits(path, names)}
    sys.stdout.write("\n" + json.dumps(found))


def _waits(path: str, names: list[str]) -> Iterator[tuple[str, bool]]:
    module, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except Exception:  # noqa: BLE001  whatever it is, it cannot be read here
        return
    for base in found.__mro__:
        init = vars(base).get("__init__")
        parameters = inspect.signature(inspect.unwrap(init)).parameters if init else {}
        for argument in names:
            if argument in parameters:
                yield name, bool(parameters[argument].default)
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
