"""What `docs/diagnostics.md` says of each code."""

import re
from functools import cache

from dagc.cli.project import project_folder


@cache
def sections() -> dict[str, str]:
    """The section of each code, as Markdown: without its heading, and without links, which lead
    from page to page. (A wheel holds the page, too: `pyproject.toml`.)
    """
    page = (project_folder() / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    found = re.split(r"^## `([a-z-]+)`\n", page, flags=re.MULTILINE)
    return {
        code: re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).strip()
        for code, text in zip(found[1::2], found[2::2], strict=True)
    }


def first_paragraph(section: str) -> str:
    """What a section begins with, without its marks."""
    return " ".join(section.split("\n\n", maxsplit=1)[0].split()).replace("`", "")


def first_sentence(section: str) -> str:
    """The first sentence of that."""
    return re.split(r"(?<=\.)\s", first_paragraph(section), maxsplit=1)[0]
