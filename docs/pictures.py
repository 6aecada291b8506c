"""Small pictures as SVG, of a few shapes, by one template; legible on light and dark pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("picture.svg.jinja")


class Text(NamedTuple):
    """A line of text; `anchor` is SVG's, `kind` a class of the template's style."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = "ink"


class Bar(NamedTuple):
    """A filled box; `kind`: ours, other, waits or given, as the template's style has them."""

    x: float
    y: float
    width: float
    height: float
    kind: str


class Curve(NamedTuple):
    """A line through points; `kind`: ours, other or grid."""

    points: Sequence[tuple[float, float]]
    kind: str


class Picture(NamedTuple):
    """What a picture shows, of what size, and its shapes."""

    title: str
    width: int
    height: int
    shapes: Sequence[Text | Bar | Curve]

    def svg(self) -> str:
        """The file's content."""
        return _TEMPLATE.render(
            picture=self,
            curves=[one for one in self.shapes if isinstance(one, Curve)],
            bars=[one for one in self.shapes if isinstance(one, Bar)],
            texts=[one for one in self.shapes if isinstance(one, Text)],
        )
