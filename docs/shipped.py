"""Makes the page on the supply chain, with what is shipped in the functions' package."""

import re
from importlib.metadata import distribution
from pathlib import Path

from dagc.packaging.bill_of_materials import licences

SHIPPED = Path(__file__).parents[1] / "functions" / "requirements.txt"


def supply_chain_page(folder: Path) -> str:
    """The text of the page: the introduction in `folder`, with its table."""
    intro = (folder / "supply-chain.intro.md").read_text("utf-8")
    table = "\n".join(["| package | licence |", "|---|---|", *_rows()])
    made_by = (
        "<!-- Made by `make docs` from supply-chain.intro.md and what is pinned: edit those. -->"
    )
    return f"{made_by}\n\n" + intro.replace("<!-- shipped -->", table)


def pinned(requirements: Path) -> dict[str, str]:
    """The version of each package in a file of pins."""
    text = requirements.read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def _rows() -> list[str]:
    """The project's own environment has what the functions have, so that its metadata tells."""
    return [f"| {name} | {', '.join(licences(distribution(name)))} |" for name in pinned(SHIPPED)]
