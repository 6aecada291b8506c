"""What a newcomer reads first says the same in English and in Chinese.

Prose cannot be compared. What stands between its words can, section by section: headings, code
blocks, the names and values in backticks, links, rows of tables and numbers.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.generate import FOLDER, catalogued_texts, translations

ROOT = FOLDER.parent
CHINESE_OF = {ROOT / "README.md": ROOT / "README.zh-CN.md"} | {
    FOLDER / path.name: path for path in sorted((FOLDER / "zh").glob("*.md"))
}
"""The English pages that exist in Chinese, too."""
FIRST_PAGES = {
    *("README.md", "rows.md", "settings.md", "task-types.md", "deployment.md", "runbook.md"),
}
PAIRS = pytest.mark.parametrize("english", CHINESE_OF, ids=lambda page: str(page.name))

_CODE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)#\s]*)[^)]*\)")
_OTHER_LANGUAGE = re.compile(r"^\[(中文|English)\]\(.*\)$", re.MULTILINE)


class Section(NamedTuple):
    """What can be compared of the text below a heading, up to the next."""

    heading: str
    level: int
    names: frozenset[str]
    code: tuple[str, ...]
    links: frozenset[str]
    rows: tuple[str, ...]
    numbers: frozenset[str]


def sections(page: Path) -> list[Section]:
    text = _OTHER_LANGUAGE.sub("", page.read_text("utf-8"))
    code = [_code(found["language"], found["text"]) for found in _CODE.finditer(text)]
    numbered = iter(range(len(code)))
    text = _CODE.sub(lambda _: f"\0{next(numbered)}\0", text)
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    return [
        _section(heading, body, page, code)
        for heading, body in zip(["", *parts[1::2]], parts[::2], strict=True)
    ]


def _section(heading: str, body: str, page: Path, code: list[str]) -> Section:
    text = f"{heading}\n{body}"
    prose = _NAME.sub(" ", re.sub(r"\0\d+\0", "", _LINK.sub("]", text)))
    return Section(
        heading=heading,
        level=len(heading) - len(heading.lstrip("#")),
        names=frozenset(" ".join(name.split()) for name in _NAME.findall(text)),
        code=tuple(code[int(number)] for number in re.findall(r"\0(\d+)\0", body)),
        links=frozenset(_targets(text, page)),
        rows=tuple(
            " ".join(_NAME.findall(row.split("|")[1]))
            for row in re.findall(r"^\|.*$", body, re.MULTILINE)
        ),
        numbers=frozenset(re.findall(r"\d+(?:[.,]\d+)*", prose)),
    )


def _code(language: str, text: str) -> str:
    """A code block to compare: what a shell's comments say is in the language of the page."""
    if language in {"", "bash"}:
        text = re.sub(r"(^|\s)#( .*)?$", "", text, flags=re.MULTILINE)
    return f"{language}\n{text}"


def _targets(text: str, page: Path) -> Iterator[str]:
    """Where links lead; to the English page where that is also there in Chinese."""
    english_of = {chinese: english for english, chinese in CHINESE_OF.items()}
    for target in _LINK.findall(text):
        path = (page.parent / target).resolve() if target else page
        yield target if "://" in target else str(english_of.get(path, path))


def test_what_a_newcomer_reads_first_is_there_in_chinese() -> None:
    assert {page.name for page in CHINESE_OF} >= FIRST_PAGES
    for english, chinese in CHINESE_OF.items():
        assert english.exists(), f"{chinese.name} has no English page"
        assert chinese.exists(), f"{english.name} has no Chinese page"
        there, back = (
            re.findall(_OTHER_LANGUAGE, page.read_text("utf-8")) for page in (english, chinese)
        )
        assert (there, back) == (["中文"], ["English"]), english.name


@PAIRS
def test_the_same_headings(english: Path) -> None:
    ours, theirs = sections(english), sections(CHINESE_OF[english])
    for one, other in zip(ours, theirs, strict=False):
        assert one.level == other.level, f"{one.heading!r} stands where {other.heading!r} does"
    extra = [section.heading for section in [*ours[len(theirs) :], *theirs[len(ours) :]]]
    assert not extra, "in one language only"


@PAIRS
@pytest.mark.parametrize("what", ["names", "code", "links", "rows", "numbers"])
def test_the_same_in_each_section(english: Path, what: str) -> None:
    for ours, theirs in zip(sections(english), sections(CHINESE_OF[english]), strict=True):
        one, other = getattr(ours, what), getattr(theirs, what)
        place = f"{ours.heading or 'the beginning'} ({theirs.heading})"
        lacking = [item for item in one if item not in other]
        assert not lacking, f"{place}: in English only"
        extra = [item for item in other if item not in one]
        assert not extra or what == "numbers", f"{place}: in Chinese only"
        assert one == other or isinstance(one, frozenset), f"{place}: in another order"


def test_every_generated_text_has_a_translation() -> None:
    assert catalogued_texts() == translations().keys(), "see docs/zh/catalogue.yaml"


def test_a_translation_keeps_the_names_and_numbers() -> None:
    for english, chinese in translations().items():
        assert sorted(_NAME.findall(english)) == sorted(_NAME.findall(chinese)), english
