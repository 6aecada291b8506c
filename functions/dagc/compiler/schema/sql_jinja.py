"""What Jinja may make of an SQL text, with `x` for what it prints."""

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

_PRINTING = (nodes.Output, nodes.Include, nodes.Extends, nodes.CallBlock)
_WITH_BODY = (nodes.With, nodes.Block, nodes.FilterBlock, nodes.ScopedEvalContextModifier)
SEVERAL = 4
"""The weight of a text that is several statements by itself."""


def everything(text: str) -> str | None:
    """Returns what stands anywhere in `text`: in all branches, and in macros, too. None where it
    is no Jinja.
    """
    template = _parsed(text)
    if template is None:
        return None
    return " ".join(map(_printed, template.find_all(_PRINTING)))


def fullest(text: str, weight: Callable[[str], int]) -> str | None:
    """Returns a rendering of `text` whose parts have the greatest `weight`. None where it is no
    Jinja.

    Of conditions that stand one after another, one alone is chosen so, and of the others the
    lightest branch: they may exclude one another. What is only defined (macros, `set`) is no part.
    """
    template = _parsed(text)
    try:
        return None if template is None else _Fullest(weight).body(template.body)
    except RecursionError:
        return None


def _parsed(text: str) -> nodes.Template | None:
    environment = Environment(extensions=["jinja2.ext.do"], cache_size=0)  # noqa: S701 as Airflow
    try:
        return environment.parse(text)
    except (TemplateSyntaxError, RecursionError, ValueError):  # said by `template_text.py`
        return None


def _printed(node: nodes.Node) -> str:
    if not isinstance(node, nodes.Output):
        return "x"
    return "".join(
        part.data if isinstance(part, nodes.TemplateData) else "x" for part in node.nodes
    )


class _Fullest:
    def __init__(self, weight: Callable[[str], int]) -> None:
        self._weight = weight

    def body(self, children: Iterable[nodes.Node]) -> str:
        lightest, gains = [], []
        for child in children:
            branches = sorted(self._branches(child), key=self._weight)
            lightest.append(branches[0])
            gains.append((self._weight(branches[-1]) - self._weight(branches[0]), branches[-1]))
        if gains:
            best = max(range(len(gains)), key=lambda index: gains[index][0])
            lightest[best] = gains[best][1]
        return " ".join(lightest)

    def _branches(self, node: nodes.Node) -> list[str]:
        """Returns what `node` may become."""
        if isinstance(node, _PRINTING):
            return [_printed(node)]
        if isinstance(node, nodes.If):
            bodies: list[Any] = [node.body, *(other.body for other in node.elif_), node.else_]
            return [self.body(body) for body in bodies]
        if isinstance(node, nodes.For):
            return [self._loop(node), self.body(node.else_)]
        return [self.body(node.body) if isinstance(node, _WITH_BODY) else ""]

    def _loop(self, node: nodes.For) -> str:
        """Returns the body of a loop twice, which is enough to be several; once where it may know
        its last turn, or has only one.
        """
        body = self.body(node.body)
        of_one = isinstance(node.iter, nodes.List | nodes.Tuple) and len(node.iter.items) < 2
        knows = any(name.name == "loop" for name in node.find_all(nodes.Name))
        if of_one or knows or node.test or self._weight(body) >= SEVERAL:
            return body
        return f"{body} {body}"
