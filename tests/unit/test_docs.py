"""The documentation says what the code does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagc.cli.commands import COMMANDS, loaded
from docs.generate import FOLDER, pages
from docs.plan_transcript import transcript

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", pages())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == pages()[name], "run: make docs"


def test_each_command_and_option_is_documented() -> None:
    page = (FOLDER / "command-line.md").read_text()
    commands = [found for name in COMMANDS for found in _commands(loaded(name), f"dagc {name}")]
    assert len(commands) > len(COMMANDS)
    for name, command in commands:
        assert f"## `{name}" in page
        for option in (o for p in command.params for o in p.opts if o.startswith("-")):
            assert f"`{option}" in page, option


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands of a group, and of the groups in it, by their whole name."""
    if not hasattr(command, "commands"):
        yield name, command
    for part, subcommand in getattr(command, "commands", {}).items():
        yield from _commands(subcommand, f"{name} {part}")


def test_each_make_target_is_documented() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    targets = set(" ".join(phony).split()) - {"known-env"}
    assert {"check", "deploy"} < targets
    page = (FOLDER / "development.md").read_text()
    for target in targets:
        assert re.search(f"`make {target}( ENV=…)?`", page), target


def test_each_place_that_the_map_of_the_code_names_is_there() -> None:
    page = (FOLDER / "development.md").read_text("utf-8")
    package = ROOT / "functions" / "dagc"
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:\.(?:py|yaml))?)`", page)
    places = {name for name in named if "/" in name or name.endswith(".py")}
    assert "rows/settings.py" in places
    for name in places:
        folders = (ROOT, package, package / "compiler")
        assert any((folder / name).exists() for folder in folders), name


def test_each_parameter_of_the_stack_is_documented() -> None:
    template = (ROOT / "template.yaml").read_text()
    parameters = template.partition("Parameters:\n")[2].partition("\nConditions:")[0]
    page = (FOLDER / "deployment.md").read_text()
    for name in re.findall(r"^  (\w+):$", parameters, re.MULTILINE):
        assert f"`{name}`" in page


def test_what_an_edit_costs_is_as_the_test_of_it_says() -> None:
    file = ROOT / "tests" / "convergence" / "exactness.yaml"
    costs = {
        edit["edit"]: [len(edit["compiles"]), len(edit["files"]), sum(edit["calls"].values())]
        for edit in yaml.safe_load(file.read_text())["edits"]
    }
    page = (FOLDER / "design.md").read_text()
    rows = re.findall(r"^\| (.*?) \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    assert rows
    for edit, *numbers in rows:
        assert costs[edit] == [int(number) for number in numbers], edit


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("[a-z]*/**/*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


def _anchors(page: Path) -> set[str]:
    """Those that GitHub gives to the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_defaults_of_the_migration_are_those_that_were_tried() -> None:
    page = (FOLDER / "migration.md").read_text("utf-8")
    tried = ROOT / "tests" / "golden" / "migration" / "team" / "defaults.yaml"
    assert f"```yaml\n{tried.read_text('utf-8')}```" in page


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_plan_of_the_readme_is_one_as_printed(name: str) -> None:
    """Line by line, in the order of the whole; where some are left out, it says so."""
    printed = iter([*transcript().splitlines(), ""])
    [shown] = [
        block.splitlines()[1:]
        for block in (FOLDER.parent / name).read_text(encoding="utf-8").split("```")
        if block.startswith("\nRows\n")
    ]
    gap = False
    for line in shown:
        if line == "…":
            gap = True
            continue
        found = next(printed)
        while gap and found != line:
            found = next(printed)
        assert found == line
        gap = False
