"""`docs/diagnostics.md` explains each code once, with messages as people really see them."""

import re
from pathlib import Path

from dagc.compiler.diagnostics import Code

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "diagnostics.md").read_text("utf-8")


def test_every_code_is_explained_and_nothing_else() -> None:
    assert re.findall(r"^## `(.*)`$", PAGE, re.MULTILINE) == sorted(Code)


def test_every_message_is_that_of_a_golden_case() -> None:
    told = "".join(
        path.read_text("utf-8") for path in (ROOT / "tests" / "golden").glob("*/diagnostics.txt")
    )
    messages = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert messages
    for message in messages:
        assert message in told


def test_a_message_stands_under_its_code() -> None:
    for section in PAGE.split("\n## ")[1:]:
        for code in re.findall(r"^(?:error|warning|suggestion)\[(.*?)\] ", section, re.MULTILINE):
            assert section.startswith(f"`{code}`")
