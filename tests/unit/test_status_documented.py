"""`docs/status.md` explains everything by which the compiler tells what became of a DAG."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dagc.plan.announcement import announcement
from dagc.plan.record import Record, State

ROOT = Path(__file__).parents[2]
DAGC = ROOT / "functions" / "dagc"
PAGE = (ROOT / "docs" / "status.md").read_text("utf-8")


def explained(column: str) -> list[str]:
    """The names in the first column of the tables whose first column is headed so."""
    tables = re.findall(rf"^\| {column} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [name for rows in tables for name in re.findall(r"^\| `(.*?)` \|", rows, re.MULTILINE)]


def nodes(*files: str) -> Iterator[ast.AST]:
    """All that these files say, of any depth."""
    for file in files:
        yield from ast.walk(ast.parse((DAGC / file).read_text("utf-8")))


def texts(pattern: str, *files: str) -> set[str]:
    """The literal texts in these files that are, as a whole, of this pattern."""
    found = {node.value for node in nodes(*files) if isinstance(node, ast.Constant)}
    return {text for text in found if isinstance(text, str) and re.fullmatch(pattern, text)}


def test_every_attribute_of_mwaa_dag() -> None:
    assert sorted(explained("attribute")) == sorted(Record._fields)


def test_every_state() -> None:
    assert explained("state") == list(State)


def test_every_event() -> None:
    kinds = texts(r"DAG \w+", "plan/announcement.py")
    assert len(kinds) == 3
    assert sorted(explained("detail type")) == sorted(kinds)


def test_every_attribute_of_an_event() -> None:
    told = announcement(Record("job-a"), Record("job-a", state=State.INVALID))
    assert told is not None
    [example] = re.findall(r'^{\n  "stack".*?^}$', PAGE, re.MULTILINE | re.DOTALL)
    assert re.findall(r'^  "(\w+)"', example, re.MULTILINE) == ["stack", *told.detail]


def test_every_metric() -> None:
    files = (f"handlers/{name}.py" for name in ("telemetry", "rebuild", "stream"))
    names = texts(r"([A-Z][a-z]+)+", *files) - {"Records"}
    assert {"EditToFile", "RemovalsRefused"} < names
    assert sorted(explained("metric")) == sorted(names)


def test_every_log_message() -> None:
    files = (path.relative_to(DAGC) for path in (DAGC / "handlers").glob("*.py"))
    calls = (node for node in nodes(*map(str, files)) if isinstance(node, ast.Call))
    messages = {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func).startswith("logger.") and isinstance(call.args[0], ast.Constant)
    }
    assert "published" in messages
    assert sorted(explained("message")) == sorted(map(str, messages))
