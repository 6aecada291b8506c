"""Every pinned requirement has its hashes, and none says where it came from."""

import re
from pathlib import Path

import pytest

from docs.shipped import SHIPPED, pinned

ROOT = Path(__file__).parents[2]
LOCKED = [SHIPPED, *sorted((ROOT / "requirements").glob("*.txt"))]


def test_each_input_is_locked() -> None:
    inputs = [*(ROOT / "requirements").glob("*.in"), ROOT / "functions" / "requirements.in"]
    assert {path.with_suffix(".txt") for path in inputs} == set(LOCKED)


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_requirement_has_hashes(path: Path) -> None:
    text = path.read_text()
    requirements = re.sub(r"\\\n", "", text).splitlines()
    for line in (line for line in requirements if not line.startswith("#")):
        assert re.fullmatch(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]
    assert "://" not in text
    assert "--index-url" not in text


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_make_pins_locks_it(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile[makefile.index("\npins:") : makefile.index("\naudit:")]
    stem = str(path.relative_to(ROOT).with_suffix(""))
    names = recipe.split("$(foreach name,")[1].partition(", ")[0].split(",")[0].split()
    assert path.stem in names or f"{stem}.in -o {stem}.txt" in recipe


def test_the_functions_run_what_the_tests_run() -> None:
    tested = pinned(ROOT / "requirements" / "dev.txt")
    assert pinned(SHIPPED).items() <= tested.items()
