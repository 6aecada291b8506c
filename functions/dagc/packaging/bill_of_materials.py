"""What a package is made of, as CycloneDX 1.6 says it: names, versions, licences, what needs what.

From the metadata that each distribution brings (PEP 566, PEP 639). Written by hand, since the
interpreter that builds a package has nothing but pip; a test holds it against CycloneDX's schema.
Neither time nor serial number: the same package has the same bill.
"""

import json
import re
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from dagc import __version__

BILL = "bill-of-materials.cdx.json"
"""Its name, in the package. Tools know CycloneDX by the ending."""


def bill_of_materials(folder: Path) -> str:
    """The bill of the package in `folder`, as JSON."""
    shipped = {normalized(found.name): found for found in distributions(path=[str(folder)])}
    refs = {name: f"pkg:pypi/{name}@{found.version}" for name, found in sorted(shipped.items())}
    own = f"pkg:pypi/dagc@{__version__}"
    needs = {own: [*refs.values()]}
    for name, ref in refs.items():
        needed = _required(shipped[name].requires or ()) & refs.keys()
        needs[ref] = [refs[other] for other in sorted(needed)]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                **_named(own, "dagc", __version__),
                "licenses": [{"expression": "Apache-2.0"}],
            }
        },
        "components": [_component(ref, shipped[name]) for name, ref in refs.items()],
        "dependencies": [{"ref": ref, "dependsOn": others} for ref, others in needs.items()],
    }
    return json.dumps(bill, indent=1) + "\n"


def licences(distribution: Distribution) -> list[str]:
    """The licences of a distribution, in the words of its metadata: one SPDX expression where it
    has that, else the names of its classifiers, else the one line that it has.
    """
    metadata = distribution.metadata
    if "License-Expression" in metadata:
        return [metadata["License-Expression"]]
    classifiers = metadata.get_all("Classifier", [])
    named = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License :: ")]
    return named or [text for text in metadata.get_all("License", []) if "\n" not in text]


def normalized(name: str) -> str:
    """The name of a distribution as indexes have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(ref: str, distribution: Distribution) -> dict[str, Any]:
    named = licences(distribution)
    is_expression = "License-Expression" in distribution.metadata
    return {
        "type": "library",
        **_named(ref, distribution.name, distribution.version),
        "licenses": [
            {"expression": it} if is_expression else {"license": {"name": it}} for it in named
        ],
    }


def _named(ref: str, name: str, version: str) -> dict[str, Any]:
    return {"bom-ref": ref, "name": name, "version": version, "purl": ref}


def _required(requirements: Iterable[str]) -> set[str]:
    """The names in requirements, without those of extras."""
    names = (re.match(r"[\w.-]+", text) for text in requirements if "extra ==" not in text)
    return {normalized(name[0]) for name in names if name}
