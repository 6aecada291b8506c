"""Lists which of the operators in PATHS are a `SkipMixin`, of the Airflow that runs this.

Not of sensors: in Airflow 2 all are, to be able to skip themselves.

python -m tests.airflow.list_skipping PATH… > names.json
"""

import importlib
import json
import sys
import warnings


def main(paths: list[str]) -> None:
    """Write their names to the standard output."""
    warnings.simplefilter("ignore")
    found = [path.rpartition(".")[2] for path in paths if _skips(path)]
    sys.stdout.write("\n" + json.dumps(sorted(found)))


def _skips(path: str) -> bool:
    module, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except ImportError:
        return False
    bases = {base.__name__ for base in found.__mro__}
    return "SkipMixin" in bases and "BaseSensorOperator" not in bases


if __name__ == "__main__":
    main(sys.argv[1:])
