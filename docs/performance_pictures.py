"""The pictures of docs/performance.md, drawn from the figures of one run of `bench`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from docs.pictures import Bar, Curve, Picture, Text

Run = Mapping[str, Any]
POLL_MS = 250
"""Lambda asks each shard of a stream at least four times a second ("Polling and batching streams"
in the guide of Lambda): what an edit waits at most, if it comes alone.
"""
_WIDTH, _LEFT, _ROW, _TOP = 820, 130, 30, 52
_GIVEN = 70
"""The width of what is not on the scale."""


class Stage(NamedTuple):
    """A part of an edit: spans in milliseconds from the invocation on, and what is said of it."""

    name: str
    spans: list[tuple[float, float]]
    note: str


def stages(calls: Sequence[Mapping[str, Any]], ended: float) -> list[Stage]:
    """An edit's stages, by its calls in milliseconds; `ended`: when the invocation did.

    Compiled is in the pause before the file is put. What comes after that and is no event
    settles the edit in the tables.
    """
    put = next(at for at, call in enumerate(calls) if call["operation"] == "PutObject")
    begun = max((call["end"] for call in calls[:put]), default=0.0)
    after = calls[put + 1 :]
    events = [call for call in after if call["operation"] == "PutEvents"]
    settles = [call for call in after if call["operation"] != "PutEvents"]
    found = [_stage("reads", calls[:put])]
    found.append(Stage("compile", [(begun, calls[put]["start"])], "of Python, and no call"))
    found.append(_stage("put", [calls[put]]))
    found += [_stage("events", events)] if events else []
    found += [_stage("settle", settles)] if settles else []
    last = max(end for stage in found for _, end in stage.spans)
    return [*found, Stage("answer", [(last, max(last, ended))], "")]


def _stage(name: str, calls: Sequence[Mapping[str, Any]]) -> Stage:
    spans = [(call["start"], call["end"]) for call in calls]
    return Stage(name, spans, ", ".join(call["operation"] for call in calls))


def edit(run: Run) -> Picture:
    """The stages of one edit, on one line of time, from the write of the row on."""
    found = run["more"]["edit"]
    calls = [
        {**call, "start": call["start"] * 1000, "end": call["end"] * 1000}
        for call in found["calls"]
    ]
    cold = {one["title"]: one["ours"]["median"] for one in run["parts"]["cold"]}
    start, ended = cold["cold start, time to answer"], found["seconds"] * 1000
    given = [
        ("stream", f"up to {POLL_MS} ms until Lambda asks"),
        ("start", f"{start:.0f} ms, where no copy of the function runs"),
    ]
    rows = stages(calls, ended)
    foot = _TOP + (len(given) + len(rows)) * _ROW + 16
    latencies = ", ".join(f"{name} {ms}" for name, ms in found["latency_ms"].items())
    note = f"Dashed: at most, and not to scale. Waited before each call: {latencies} ms."
    shapes = [
        Text(16, 28, "One edit of a task, from its row to the settled file"),
        *_given(given),
        *_timeline(rows, len(given), ended),
        Text(16, foot, note, kind="faint"),
    ]
    return Picture("The stages of one edit", _WIDTH, foot + 16, shapes)


def _given(rows: Sequence[tuple[str, str]]) -> Iterator[Text | Bar]:
    """What comes before the invocation: boxes of one width."""
    for at, (name, note) in enumerate(rows):
        x, y = _LEFT + at * _GIVEN, _TOP + at * _ROW
        yield Text(_LEFT - 12, y + 14, name, "end")
        yield Bar(x, y, _GIVEN, 18, "given")
        yield Text(x + _GIVEN + 8, y + 14, note, kind="faint")


def _timeline(rows: Sequence[Stage], above: int, ended: float) -> Iterator[Text | Bar]:
    """A row for each stage, below so many, on one scale."""
    begun = _LEFT + above * _GIVEN
    scale = (_WIDTH - begun - 190) / ended
    for at, stage in enumerate(rows, above):
        y, took = _TOP + at * _ROW, sum(end - begin for begin, end in stage.spans)
        kind = "ours" if stage.name in {"compile", "answer"} else "waits"
        yield Text(_LEFT - 12, y + 14, stage.name, "end")
        for begin, end in stage.spans:
            yield Bar(begun + begin * scale, y, max(1, (end - begin) * scale), 18, kind)
        x = begun + stage.spans[-1][1] * scale + 8
        yield Text(x, y + 14, f"{took:.0f} ms  {stage.note}", kind="faint")


def compile_(run: Run) -> Picture:
    """One DAG against the peers: compiled, and loaded by Airflow."""
    groups = [
        ("Compile of a DAG of 20 tasks, warm: ms of CPU", _sides(run, "compile", "20 tasks")),
        ("Airflow 3.3 loads a DAG of 10 tasks: ms of CPU", _sides(run, "dagbag", "")),
    ]
    shapes: list[Text | Bar | Curve] = []
    y = 28
    for title, sides in groups:
        shapes.append(Text(16, y, title))
        scale = (_WIDTH - 200 - 90) / max(sides.values())
        for name, value in sides.items():
            y += 26
            kind = "ours" if name == "this project" else "other"
            shapes.append(Text(190, y + 12, name, "end", "faint"))
            shapes.append(Bar(200, y - 1, max(1, value * scale), 18, kind))
            shapes.append(Text(208 + value * scale, y + 12, f"{value:.2f}", kind="faint"))
        y += 50
    return Picture("Compile and load, against peers", _WIDTH, y - 18, shapes)


def _sides(run: Run, part: str, which: str) -> dict[str, float]:
    """Milliseconds by side, the least first."""
    found = [one for one in run["parts"][part] if which in one["title"] and one["other"]]
    sides = {one["other"]["name"]: one["other"]["median"] for one in found}
    sides["this project"] = found[0]["ours"]["median"]
    return dict(sorted(sides.items(), key=lambda side: side[1]))


def rebuild(run: Run) -> Picture:
    """CPU of a rebuild by the number of DAGs, both axes logarithmic: what is linear is straight."""
    curve = {int(dags): kinds for dags, kinds in run["more"]["rebuilds"].items()}
    lines = {
        kind: [(dags, curve[dags][kind]["cpu"]) for dags in sorted(curve)]
        for kind in ("first", "nothing changed")
    }
    all_cpu = [cpu for line in lines.values() for _, cpu in line]
    low, high = math.floor(math.log10(min(all_cpu))), math.ceil(math.log10(max(all_cpu)))
    left, right = math.log10(min(curve)), math.log10(max(curve))
    height, top, width = 260, 60, _WIDTH - _LEFT - 150

    def x(dags: float) -> float:
        return _LEFT - 20 + (math.log10(dags) - left) / max(right - left, 0.1) * (width - 60)

    def y(cpu: float) -> float:
        return top + (high - math.log10(cpu)) / (high - low) * height

    shapes: list[Text | Bar | Curve] = [
        Text(16, 28, "Rebuild: seconds of CPU, by the number of DAGs")
    ]
    shapes += _grid(low, high, y, width)
    for dags in sorted(curve):
        shapes.append(Text(x(dags), top + height + 22, f"{dags:,}", "middle", "faint"))
    for (kind, line), colour in zip(lines.items(), ("other", "ours"), strict=True):
        shapes.append(Curve([(x(dags), y(cpu)) for dags, cpu in line], colour))
        for dags, cpu in line:
            shapes.append(Bar(x(dags) - 3, y(cpu) - 3, 6, 6, colour))
            shapes.append(Text(x(dags), y(cpu) - 9, _seconds(cpu), "middle", "faint"))
        shapes.append(Text(x(line[-1][0]) + 14, y(line[-1][1]) + 4, kind))
    return Picture("Rebuild by the number of DAGs", _WIDTH, top + height + 40, shapes)


def _grid(low: int, high: int, y: Any, width: float) -> Iterator[Text | Curve]:
    for power in range(low, high + 1):
        level, begin = y(10.0**power), _LEFT - 60
        yield Curve([(begin, level), (begin + width, level)], "grid")
        yield Text(begin - 8, level + 4, f"{10.0**power:,g} s", "end", "faint")


def _seconds(cpu: float) -> str:
    return f"{cpu:.0f}" if cpu >= 10 else f"{cpu:.2g}"
