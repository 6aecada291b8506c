"""Makes the call that a template prints one that Airflow maps: `Operator.partial(…).expand(…)`.

A type stays a template: what is mapped is taken out of the lines of its call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dagc.compiler.analysis.models import TaskModel
from dagc.compiler.python_source.nodes import Keywords, RawSource
from dagc.compiler.python_source.strings import quoted
from dagc.compiler.rendering.dag_file import Statement
from dagc.compiler.schema.task_results import Mapped, Result, with_results
from dagc.compiler.templating.placeholders import ABSENT
from dagc.compiler.templating.skeleton import Line, Skeleton

_PARTIAL, _CLOSED = ".partial(", ").expand("


class UnmappedError(ValueError):
    """A template prints no call that has what is mapped as an argument of its own."""


def with_outputs(task: TaskModel, variables: Mapping[str, str]) -> TaskModel:
    """Returns `task` with `extract.output["rows"]` in the place of the results in its parameters.
    `variables` are those of the tasks.
    """

    def output(result: Result) -> RawSource:
        key = f"[{quoted(result.key)}]" if result.key else ""
        return RawSource(f"{variables[result.task]}.output{key}")

    if not task.takes:
        return task
    params = {name: with_results(value, output) for name, value in task.params.items()}
    return task._replace(params=params)


def mapped_statement(statement: Statement, task: TaskModel) -> Statement:
    """Returns the statement, mapped over those of its values that are `Mapped`, and those of the
    arguments of any operator, if the task has some.

    Raises UnmappedError, with the template's name as a note.
    """
    if not task.mapped:
        return statement
    try:
        return _mapped(statement, len(task.mapped))
    except UnmappedError as error:
        error.add_note(task.type.template)
        raise


def without_lone_comma(statement: Statement) -> Statement:
    """Returns a mapped statement, of whose `.partial(…)` black keeps a single argument on its line:
    behind one with a comma, it would begin another.
    """
    lines = list(statement.skeleton.lines)
    opening = next(i for i, line in enumerate(lines) if _last_text(line).endswith(_PARTIAL))
    closing = next(i for i, line in enumerate(lines) if _first_text(line) == _CLOSED)
    printed = [i for i in range(opening + 1, closing) if _prints(lines[i], statement.values)]
    if len(printed) != 1:
        return statement
    line = lines[printed[0]]
    if isinstance(line, Line) and line.head:
        lines[printed[0]] = line._replace(head="", texts=(line.head, ""))
    return Statement(replace(statement.skeleton, lines=tuple(lines)), statement.values)


def _prints(line: Line | str, values: list[Any]) -> bool:
    value = values[line.values[0]] if isinstance(line, Line) and not line.texts else line
    return value is not ABSENT and value != Keywords({})


def _mapped_values(value: Any) -> Mapping[str, Any]:
    """What is mapped in a value: all of it, by the name "", or arguments by their own names."""
    if isinstance(value, Keywords):
        return {name: it.value for name, it in value.values.items() if isinstance(it, Mapped)}
    return {"": value.value} if isinstance(value, Mapped) else {}


def _mapped(statement: Statement, number: int) -> Statement:
    skeleton, values = statement.skeleton, list(statement.values)
    lines = list(_single_lines(skeleton))
    places, expanded = [], {}
    for index, line in enumerate(lines):
        if isinstance(line, Line) and not line.texts:
            for name, value in _mapped_values(values[line.values[0]]).items():
                places.append(index)
                expanded[name or line.head[:-1]] = value
    if len(places) != number or number != sum(len(_mapped_values(value)) for value in values):
        raise UnmappedError("a parameter that is mapped needs a line `name={{ params.name }},`")
    opening, closing = _call(lines, places)
    lines[opening] = _partial(lines[opening])
    lines[closing] = _expand(str(lines[closing]), len(values))
    values = [*map(_not_mapped, values), Keywords(expanded)]
    kept = tuple(line for line in lines if not _is_mapped(line, values))
    return Statement(Skeleton(kept, (*skeleton.slots, None), skeleton.words), values)


def _not_mapped(value: Any) -> Any:
    if not isinstance(value, Keywords):
        return value
    kept = {name: it for name, it in value.values.items() if not isinstance(it, Mapped)}
    return Keywords(kept)


def _is_mapped(line: Line | str, values: list[Any]) -> bool:
    return isinstance(line, Line) and isinstance(values[line.values[0]], Mapped)


def _single_lines(skeleton: Skeleton) -> Iterator[Line | str]:
    for line in skeleton.lines:
        yield from line.split("\n") if isinstance(line, str) else [line]


def _call(lines: list[Line | str], places: list[int]) -> tuple[int, int]:
    """The lines in which the call begins and ends whose arguments stand in those at `places`."""
    margin = _margin(lines[places[0]])
    before = range(places[0] - 1, -1, -1)
    opening = next((i for i in before if lines[i] and _margin(lines[i]) < margin), -1)
    if opening >= 0 and _last_text(lines[opening]).endswith("("):
        closing = f"{' ' * _margin(lines[opening])})"
        for index in range(places[-1] + 1, len(lines)):
            line = lines[index]
            if isinstance(line, str) and line.startswith(closing):
                return opening, index
    raise UnmappedError("a task that is mapped is a call whose arguments have lines of their own")


def _margin(line: Line | str) -> int:
    return line.indent if isinstance(line, Line) else len(line) - len(line.lstrip(" "))


def _last_text(line: Line | str) -> str:
    if isinstance(line, str):
        return line
    return line.texts[-1] if line.texts else ""


def _first_text(line: Line | str) -> str:
    return line.texts[0] if isinstance(line, Line) and line.texts else ""


def _partial(line: Line | str) -> Line | str:
    if isinstance(line, str):
        return f"{line[:-1]}{_PARTIAL}"
    return line._replace(texts=(*line.texts[:-1], f"{line.texts[-1][:-1]}{_PARTIAL}"))


def _expand(line: str, index: int) -> Line:
    """`)` and what comes after it, as `).expand(…)`; the arguments are the value at `index`."""
    margin = _margin(line)
    return Line(margin, "", (index,), (_CLOSED, f"){line[margin + 1 :]}"))
