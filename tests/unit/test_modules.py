"""The modules of `functions/dagc`: what the import contracts of `pyproject.toml` cannot hold."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "functions" / "dagc"
ENTRY_POINTS = {"handlers", "cli"}
CALLS = {"cwd", "getenv", "home", "now", "today", "utcnow"}
NAMES = {"environ", "environb", "getenv"}
"""By these, code sees the clock, or the environment of its process."""


def test_no_two_have_one_name() -> None:
    """Entry points are named for what starts them, and so is what they start."""
    names = Counter(
        path.stem
        for path in PACKAGE.rglob("*.py")
        if path.stem != "__init__" and path.parent.name not in ENTRY_POINTS
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_pure_packages_see_neither_clock_nor_environment() -> None:
    seen = [
        f"{path.relative_to(PACKAGE)}: {ast.unparse(node)}"
        for part in ("plan", "compiler", "changes", "lineage")
        for path in sorted((PACKAGE / part).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _is_impure(node)
    ]
    assert seen == []


def _is_impure(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in CALLS
    if isinstance(node, ast.Attribute):
        return node.attr in NAMES
    return isinstance(node, ast.alias) and node.name in NAMES


def test_the_command_line_loads_no_client_before_it_needs_one() -> None:
    program = """
import sys
from dagc.cli.commands import COMMANDS, loaded
for name in COMMANDS:
    loaded(name)
print(*sys.modules)
"""
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    assert "dagc.compiler" in loaded
    assert not {"boto3", "botocore.session", "botocore.client"} & set(loaded)


def test_functions_fit_a_screen() -> None:
    long = {
        f"{path.name}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or node.lineno) - node.lineno >= 40
    }
    assert not long
