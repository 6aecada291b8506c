"""docs/performance.md and its pictures are what the generator makes of the kept figures."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.parts import PARTS
from docs import performance
from docs.performance import FOLDER, kept, pages
from docs.performance_pictures import stages

NAMES = ["performance.md", "images/edit.svg", "images/compile.svg", "images/rebuild.svg"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == pages(kept())[name], "run: make docs"


def test_the_page_shows_each_part_and_picture() -> None:
    assert list(pages(kept())) == NAMES
    intro = (FOLDER / "performance.intro.md").read_text("utf-8")
    assert set(re.findall(r"\{part\[(\w+)\]\}", intro)) == set(PARTS)
    for name in NAMES[1:]:
        assert f"]({name})" in intro


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_picture_lies_in_its_frame(name: str) -> None:
    root = ET.fromstring(pages(kept())[name])
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, wide, high = (float(box.attrib[side]) for side in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height
    for line in root.iter("{http://www.w3.org/2000/svg}polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_a_run_is_kept_and_the_page_is_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").mkdir()
    for name in ("performance.intro.md", "prices.yaml"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    run = tmp_path / "RUN.json"
    text = performance.FIGURES.read_text("utf-8")
    run.write_text(text.replace(f'"date": "{kept()["date"]}"', '"date": "2030-01-01 00:00"'))
    monkeypatch.setattr(performance, "FOLDER", tmp_path)
    monkeypatch.setattr(performance, "FIGURES", tmp_path / "performance.json")
    performance.main([str(run)])
    assert "2030-01-01 00:00 UTC" in (tmp_path / "performance.md").read_text("utf-8")
    assert (tmp_path / "performance.json").read_text("utf-8") == run.read_text("utf-8")


def test_a_run_that_left_parts_out_makes_no_page(tmp_path: Path) -> None:
    run = tmp_path / "RUN.json"
    run.write_text('{"parts": {"edits": []}}')
    before = performance.FIGURES.read_text("utf-8")
    with pytest.raises(SystemExit, match="lacks: compile, bulk,"):
        performance.main([str(run)])
    assert performance.FIGURES.read_text("utf-8") == before


def test_the_stages_of_an_edit() -> None:
    calls = [
        {"operation": operation, "start": start, "end": end}
        for operation, start, end in [
            ("Query", 1, 5),
            ("BatchGetItem", 6, 11),
            ("PutObject", 21, 50),
            ("PutEvents", 51, 60),
            ("PutItem", 61, 66),
        ]
    ]
    found = {stage.name: (stage.spans, stage.note) for stage in stages(calls, 70)}
    assert found["reads"] == ([(1, 5), (6, 11)], "Query, BatchGetItem")
    assert found["compile"][0] == [(11, 21)]
    assert found["put"][0] == [(21, 50)]
    assert found["events"][0] == [(51, 60)]
    assert found["settle"] == ([(61, 66)], "PutItem")
    assert found["answer"][0] == [(66, 70)]
