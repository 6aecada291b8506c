"""Text of others in Markdown, as code: what is in it is no markup, no mention and no link.

By CommonMark (0.31), code ends at as many backticks as it began with; in GitHub's tables, a `|` in
code needs a backslash.
"""

import re
from itertools import groupby

from dagc.cli.diagnostic_listing import visible


def code_span(text: str) -> str:
    """`text` as code in a line."""
    text = visible(text) or " "
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def table_cell(text: str) -> str:
    """`text` as code in a cell of a table."""
    return code_span(text).replace("|", r"\|")


def code_block(text: str, language: str = "") -> str:
    """The lines of `text` as a block of code, without what would command a terminal or a page."""
    lines = [visible(line.replace("\t", "    ")) for line in text.split("\n")]
    fence = "`" * max(3, _longest_run(text) + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def comment_name(name: str) -> str:
    """`name` as it may stand in a comment of HTML, in one line."""
    return re.sub(r"[^\w ./]+|--+", "-", name, flags=re.ASCII).strip("-. ") or "rows"


def _longest_run(text: str) -> int:
    return max((len(list(run)) for tick, run in groupby(text) if tick == "`"), default=0)
