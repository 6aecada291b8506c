"""What a template printed is Python, and complete: checked once for each skeleton.

Whatever fills the slots of one skeleton, its structure is the same; and each literal that fills
them is read back by itself (`python_source/strings.py`). So the first filling of a skeleton is
compiled, and no other: that would be half of the time that a file takes.
"""

import ast
import builtins
from collections.abc import Container, Iterator

from dagc.compiler.templating.skeleton import Skeleton


class NotPythonError(Exception):
    """A template printed what Python cannot read, or cannot run."""


def verify(skeleton: Skeleton, source: str, variable: str, known: Container[str]) -> None:
    """Raises NotPythonError unless `source`, the first filling of `skeleton`, is a statement that
    assigns `variable` ("" for none), and uses no names but its own, Python's, and `known` ones.
    """
    if skeleton.checked:
        return
    tree = _parsed(source)
    bound = set(_bound_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not (
            node.id in bound or node.id in known or hasattr(builtins, node.id)
        ):
            raise NotPythonError(f"it uses {node.id!r}, which nothing imports for this target")
    if variable and variable not in bound:
        raise NotPythonError("it assigns nothing to {{ variable }}")
    skeleton.checked = True


def _parsed(source: str) -> ast.Module:
    """The syntax tree of `source`, a statement at any indentation, or the head of a block."""
    if source.startswith(" "):
        source = f"if True:\n{source}"
    if source.endswith(":"):
        source += " pass"
    try:
        compile(source, "<template>", "exec", dont_inherit=True)
        return ast.parse(source)
    except SyntaxError as error:
        line = (error.text or "").strip()
        raise NotPythonError(f"it prints no Python: {error.msg}: {line!r}") from error
    except ValueError as error:
        raise NotPythonError(f"it prints no Python: {error}") from error


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """Every name that `tree` assigns, defines, imports, or takes as a parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.arg):
            yield node.arg
