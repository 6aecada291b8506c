"""A bug in a template, reported as a diagnostic of the DAG that met it: it blocks no other."""

from collections.abc import Iterator
from contextlib import contextmanager

from jinja2 import TemplateNotFound, TemplateSyntaxError

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey


@contextmanager
def template_problem(row: RowKey, diagnostics: list[Diagnostic]) -> Iterator[None]:
    """Adds a diagnostic to `diagnostics` if the template that is rendered inside fails."""
    try:
        yield
    except Exception as error:
        where = _template_line(error)
        if not where:
            raise  # a bug of the compiler itself
        reason = "there is no such file" if isinstance(error, TemplateNotFound) else error
        problem = Problem(
            Code.BAD_TEMPLATE,
            f"the template {where} fails: {reason}",
            "Not the row's fault: repair the template and deploy again.",
        )
        diagnostics.append(problem.at(row, ""))


def _template_line(error: Exception) -> str:
    """`tasks/x.py.jinja:7`, from the error itself or from what was noted while it was raised."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name}:{error.lineno}"
    return next(iter(getattr(error, "__notes__", [])), "")
