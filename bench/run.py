"""What one run has found, as JSON: the only thing that docs/performance.md is made of."""

import json
import os
import platform
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Comparison
from bench.targets import TARGETS


@dataclass
class Run:
    """The comparisons by part, and what else was found. Begins when it is made."""

    parts: dict[str, list[Comparison]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.time)
    load: list[float] = field(default_factory=lambda: [_load()])

    def as_dict(self) -> dict[str, Any]:
        """All of it, and the machine and its load: before, and behind each part."""
        return {
            "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime(self.began)),
            "minutes": round((time.time() - self.began) / 60, 1),
            "python": platform.python_version(),
            "cores": len(os.sched_getaffinity(0)),
            "load": self.load,
            **self.options,
            "parts": {
                name: [comparison.as_dict() for comparison in comparisons]
                for name, comparisons in self.parts.items()
            },
            "more": dict(self.more),
        }

    def add(self, part: str, comparisons: Iterable[Comparison]) -> None:
        """Measures a part, and notes how busy the machine was then."""
        self.parts[part] = list(comparisons)
        self.load.append(_load())


def save(content: Mapping[str, Any], file: Path) -> None:
    """Writes a run; numbers with five digits that count."""
    file.write_text(json.dumps(_rounded(content), indent=1) + "\n", encoding="utf-8")


def figures(content: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """The figure of each target that a run has, and where it comes from if not of this run."""
    return {
        comparison["target"]: (comparison["figure"], comparison["note"])
        for comparisons in content["parts"].values()
        for comparison in comparisons
        if comparison["target"] in TARGETS
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value


def _load() -> float:
    return round(os.getloadavg()[0], 2)
