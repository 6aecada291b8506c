"""The compiler's fingerprint counts all that decides about a file's text or validity."""

import ast
import importlib.metadata
import re
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

import dagc.compiler
from dagc.compiler.catalog.fingerprint import LIBRARIES, compiler_fingerprint

COMPILER = Path(dagc.compiler.__file__).parent


def _imported() -> set[str]:
    """The top-level modules that the compiler imports, and the packages whose data it reads."""
    modules = set()
    for path in COMPILER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "resources.files":
                modules |= {argument.value for argument in node.args}  # type: ignore[attr-defined]
    return {module.partition(".")[0] for module in modules}


def test_each_library_that_the_compiler_imports_counts() -> None:
    foreign = _imported() - sys.stdlib_module_names - {"dagc"}
    distributions = packages_distributions()
    assert {distributions[module][0].lower() for module in foreign} == set(LIBRARIES)


@pytest.mark.parametrize("changed", [*LIBRARIES, "markupsafe", "python-dateutil", "pytokens"])
def test_a_new_version_of_a_library_changes_it(
    changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compiler_fingerprint([])

    class Changed:
        @staticmethod
        def read_text(name: str) -> str:
            text = distribution(changed).read_text(name) or ""
            return re.sub(r"(?m)^Version: .*", "Version: 0.0.1", text)

    monkeypatch.setattr(
        importlib.metadata,
        "distribution",
        lambda name: Changed if name == changed else distribution(name),
    )
    assert compiler_fingerprint([]) != before


def test_a_template_changes_it_and_what_is_made_of_it_does_not(tmp_path: Path) -> None:
    before = compiler_fingerprint([tmp_path])
    for made in ("precompiled", "__pycache__"):
        (tmp_path / made).mkdir()
        (tmp_path / made / "catalog.json").write_text("{}")
    assert compiler_fingerprint([tmp_path]) == before
    (tmp_path / "job.py.jinja").write_text("")
    assert compiler_fingerprint([tmp_path]) != before
