"""Values measured side by side, round by round, and what is compared with what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.targets import TARGETS


@dataclass(slots=True)
class Series:
    """One quantity, measured in every round."""

    unit: str
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The value that half of the rounds stay under."""
        return median(self.values)


@dataclass(frozen=True, slots=True)
class Comparison:
    """This project against something else: the ratio of the medians, and its range over rounds.

    `speedup` turns the ratio over: how many times faster this project is. `target` is an id of
    `bench.targets`: of the ratio, or, without `other`, of the value itself. `note` says where a
    value comes from that this run has not measured.
    """

    title: str
    ours: Series
    other_name: str = ""
    other: Series | None = None
    speedup: bool = False
    target: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        assert not self.target or self.target in TARGETS, self.target

    @property
    def ratio(self) -> float | None:
        """The ratio of the medians."""
        return None if self.other is None else self._ratio(self.ours.median, self.other.median)

    @property
    def ratios(self) -> Sequence[float]:
        """The ratio in each round."""
        if self.other is None:
            return []
        pairs = zip(self.ours.values, self.other.values, strict=True)
        return [self._ratio(ours, other) for ours, other in pairs]

    @property
    def figure(self) -> float:
        """What a target is one of: the ratio if there is one, else the value."""
        return self.ours.median if self.ratio is None else self.ratio

    def as_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "title": self.title,
            "unit": self.ours.unit,
            "ours": {"median": self.ours.median, "values": self.ours.values},
            "other": self.other
            and {
                "name": self.other_name,
                "median": self.other.median,
                "values": self.other.values,
            },
            "ratio_means": "other / ours" if self.speedup else "ours / other",
            "ratio_range": [min(self.ratios), max(self.ratios)] if self.ratios else None,
            "figure": self.figure,
            "target": self.target,
            "note": self.note,
        }

    def _ratio(self, ours: float, other: float) -> float:
        return other / ours if self.speedup else ours / other
