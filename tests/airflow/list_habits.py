"""Lists which operators are a `SkipMixin`, and which wait for what they start, of the Airflow that
runs this.

    python -m tests.airflow.list_habits WAITS PATH… > habits.json

The report, of the operators at PATHS that can be imported here: `skipping`, the names of those that
can skip others (not of sensors: in Airflow 2 all can, to skip themselves); `waits`, for each that
has one of the arguments WAITS (names, with commas between them), whether that is on by default.
"""

import importlib
import inspect
import json
import sys
import warnings
from typing import Any


def main(waits: str, *paths: str) -> None:
    """Write the report to the standard output."""
    warnings.simplefilter("ignore")
    found = [(path.rpartition(".")[2], each) for path in paths if (each := _imported(path))]
    waiting = {name: _waits(each, waits.split(",")) for name, each in found}
    report = {
        "skipping": sorted(name for name, each in found if _skips(each)),
        "waits": {name: is_on for name, is_on in waiting.items() if is_on is not None},
    }
    sys.stdout.write("\n" + json.dumps(report))


def _imported(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except Exception:  # noqa: BLE001  whatever it is, it cannot be read here
        return None


def _skips(operator: type) -> bool:
    bases = {base.__name__ for base in operator.__mro__}
    return "SkipMixin" in bases and "BaseSensorOperator" not in bases


def _waits(operator: type, names: list[str]) -> bool | None:
    for base in operator.__mro__:
        init = vars(base).get("__init__")
        parameters = inspect.signature(inspect.unwrap(init)).parameters if init else {}
        for argument in names:
            if argument in parameters:
                return bool(parameters[argument].default)
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
