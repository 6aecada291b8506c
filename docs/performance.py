"""Writes docs/performance.md and its pictures from the figures of one run of `bench`.

    python -m bench --json RUN.json && python -m docs.performance RUN.json

keeps them in docs/performance.json, of which docs/cost.py takes its durations: its page comes next.
Without a file (`make docs`) the page is made of what is kept there.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bench.parts import PARTS
from bench.report import compared, judged, load
from bench.run import save
from docs import performance_pictures
from docs.pictures import Picture

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "performance.json"
PICTURES: Mapping[str, Callable[[Mapping[str, Any]], Picture]] = {
    "edit": performance_pictures.edit,
    "compile": performance_pictures.compile_,
    "rebuild": performance_pictures.rebuild,
}
_MEGABYTES, _ONE_VCPU = (512, 1024, 1769, 3008), 1769


def kept() -> dict[str, Any]:
    """The run that the page is made of."""
    run: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
    return run


def pages(run: Mapping[str, Any]) -> dict[str, str]:
    """Each file that is made of a run, by its path in docs/. A run has to have all parts."""
    files = {f"images/{name}.svg": draw(run).svg() for name, draw in PICTURES.items()}
    return {"performance.md": _page(run), **files}


def _page(run: Mapping[str, Any]) -> str:
    head = ["what", "this project", "against", "ratio"]
    tables = {name: _table(head, map(compared, found)) for name, found in run["parts"].items()}
    return (
        (FOLDER / "performance.intro.md")
        .read_text("utf-8")
        .format(
            date=run["date"],
            machine=f"{run['cores']} cores, Python {run['python']}",
            minutes=run["minutes"],
            calls=f" in {run['calls']} calls" if run.get("calls", 1) > 1 else "",
            load=load(run),
            quick=" **With few rounds: its figures mean nothing.**" if run["quick"] else "",
            targets=_targets(run),
            imports=_imports(run),
            memory=_memory(run),
            part=tables,
        )
    )


def _targets(run: Mapping[str, Any]) -> str:
    rows = (
        (what, aim, figure, f"**{verdict}**" if verdict == "missed" else verdict, _code(note))
        for _, what, aim, figure, verdict, note in judged(run)
    )
    return _table(["what", "target", "figure", "", "where it is from"], rows)


def _imports(run: Mapping[str, Any]) -> str:
    longest = list(run["more"]["imports"].items())[:10]
    rows = ((name, f"{milliseconds:.0f}") for name, milliseconds in longest)
    return _table(["package, with what it imports of Python's library", "ms"], rows)


def _memory(run: Mapping[str, Any]) -> str:
    """A warm edit by its function's memory: its waiting, and its CPU by the share of a vCPU."""
    prices = yaml.safe_load((FOLDER / "prices.yaml").read_text("utf-8"))["per_million"]
    edit = run["more"]["edit"]
    waiting = edit["seconds"] - edit["cpu"]
    seconds = {size: waiting + edit["cpu"] * max(1, _ONE_VCPU / size) for size in _MEGABYTES}
    dollars = [taken * size / 1024 * prices["gigabyte-seconds"] for size, taken in seconds.items()]
    rows = [
        ["warm edit", *(f"{taken * 1000:.0f} ms" for taken in seconds.values())],
        ["a million of them", *(f"${each:.2f}" for each in dollars)],
    ]
    return _table(["", *(f"{size} MB" for size in _MEGABYTES)], rows)


def _code(note: str) -> str:
    return f"`{note}`" if note.startswith("python") else note


def _table(head: list[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: list[str]) -> None:
    """Keeps a run's figures, if one is named, and writes the files."""
    if arguments:
        [file] = arguments
        run = json.loads(Path(file).read_text("utf-8"))
        if missing := [name for name in PARTS if name not in run["parts"]]:
            sys.exit(f"The page needs a whole run. {file} lacks: {', '.join(missing)}")
        save(run, FIGURES)
    for name, text in pages(kept()).items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
