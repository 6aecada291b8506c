"""A bug in a template, told as a diagnostic of the DAG that met it: it blocks no other."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from jinja2 import TemplateError, TemplateSyntaxError

from dagc.diagnostics import Code, Diagnostic, Problem, RowKey
from dagc.rendering.verify import NotPythonError
from dagc.templating.skeleton import AbsentValueError


@contextmanager
def template_problem(row: RowKey, diagnostics: list[Diagnostic]) -> Iterator[None]:
    """Adds a diagnostic to `diagnostics` if the template that is rendered inside fails."""
    try:
        yield
    except (TemplateError, AbsentValueError, NotPythonError, TypeError, ValueError) as error:
        where = _template_line(error)
        problem = Problem(
            Code.BAD_TEMPLATE,
            f"the template fails{where}: {error}",
            "Not the row's fault: repair the template in dag_templates/ and deploy again.",
        )
        diagnostics.append(problem.at(row, ""))


def _template_line(error: Exception) -> str:
    """` at tasks/x.py.jinja:7`, from the error itself or from the frames that Jinja maps back."""
    if isinstance(error, TemplateSyntaxError):
        return f" at {error.name}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename.endswith(".jinja"):
            return f" at {frame.filename.rpartition('dag_templates/')[2]}:{frame.lineno}"
    return ""
