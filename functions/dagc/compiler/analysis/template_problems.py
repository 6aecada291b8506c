"""Says what a text that Airflow renders uses and that is not there.

Airflow renders with `StrictUndefined`: what is not there fails the task that needs it. So it is an
error where each rendering needs it, and a warning where none may: in a branch, or in an alert.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from dagc.compiler.analysis.template_successors import EXPLANATIONS
from dagc.compiler.diagnostics import Code, Problem, Severity, did_you_mean, nearest
from dagc.compiler.schema.template_names import TemplateNames, doubtful_uses
from dagc.compiler.schema.template_text import Kind, Use

_SIMILAR = 0.8
"""How alike a name must be to what is meant: `ds_add` is no slip for `dag`."""

_HINT_FOR_ENDED = (
    "Use it inside, or keep it in a namespace: {% set kept = namespace(it=none) %} before, "
    "{% set kept.it = … %} inside, {{ kept.it }} after."
)


class Vocabulary(NamedTuple):
    """What a text may use: what the target's texts know, `more` names, the macros of plugins, the
    `params` of the DAG (None where they are in error). `successors` are by the names that Airflow 2
    knew.

    `tasks` are the ids of the DAG's tasks; None where they are not known.

    `undated` are names that a run without a logical date lacks, with what to write instead.

    `fails` says whether the run fails with the text; an alert that cannot be rendered is lost.
    """

    names: TemplateNames
    plugin_macros: Collection[str]
    params: Collection[str] | None
    successors: Mapping[str, str]
    more: Collection[str] = ()
    tasks: Collection[str] | None = None
    undated: Mapping[str, str] = MappingProxyType({})
    fails: bool = True


def template_problems(text: str, known: Vocabulary) -> Iterator[Problem]:
    """Returns what `text` uses that its surroundings lack; nothing if it is no Jinja."""
    for use in doubtful_uses(text, known.names):
        problem = _CHECKS[use.kind](use, known)
        if problem and "\n" in text.strip():
            yield _in_line(problem, use.line)
        elif problem:
            yield problem


def _in_line(problem: Problem, line: int) -> Problem:
    message = f"{problem.message} (line {line})"
    return Problem(problem.code, message, problem.hint, severity=problem.severity)


def _filter_problem(use: Use, known: Vocabulary) -> Problem:
    names, name = known.names, use.path[0]
    hint = "There are Jinja's own, and ds, ds_nodash, ts, ts_nodash and ts_nodash_with_tz."
    if name in names.members["macros"]:
        hint = f"It is a function: write macros.{name}(…)."
    elif near := nearest(name, names.filters, _SIMILAR):
        hint = f"Is {near!r} meant?"
    return _uncompiled(f"Airflow {names.target} has no filter {name!r}", hint, use)


def _test_problem(use: Use, known: Vocabulary) -> Problem:
    names, name = known.names, use.path[0]
    near = nearest(name, names.tests, _SIMILAR)
    hint = f"Is {near!r} meant?" if near else "There are Jinja's own: defined, none, in, …"
    return _uncompiled(f"Airflow {names.target} has no test {name!r}", hint, use)


def _uncompiled(message: str, hint: str, use: Use) -> Problem:
    """Returns the problem of a text that Jinja does not compile, if it is certain of that."""
    severity = Severity.ERROR if use.certain else Severity.WARNING
    return Problem(Code.BAD_JINJA, message, hint, severity=severity)


def _name_problem(use: Use, known: Vocabulary) -> Problem | None:
    name = use.path[0]
    if name not in known.names.names:
        if name in known.more:
            return None
        if name in known.undated:
            message = f"a run that assets start has no logical date, and texts no {name!r}"
            return _undefined(message, f"Write {known.undated[name]}.", use, known, depth=1)
        message = f"Airflow {known.names.target} gives texts no {name!r}"
        hint = _hint(name, known)
        if use.elsewhere:
            message = f"{name!r} is not there: the text's own {name!r} ends with its loop or block"
            hint = _HINT_FOR_ENDED
        return _undefined(message, hint, use, known, depth=1)
    member = use.path[1]
    if name == "macros":
        return None if member in known.plugin_macros else _unknown_macro(member, known)
    if hasattr(dict, member):
        return None
    if name == "params":
        is_set = known.params is None or member in known.params
        return None if is_set else unset_param(member)
    hint = f"Write var.value.{member}, or var.json.{member} where its value is JSON."
    return _undefined(f"'var' has no {member!r}", hint, use, known, depth=2)


def _undefined(message: str, hint: str, use: Use, known: Vocabulary, *, depth: int) -> Problem:
    """Returns the problem of a path whose first `depth` names lead to nothing."""
    fails = known.fails and use.certain and (use.consumed or len(use.path) > depth)
    severity = Severity.ERROR if fails else Severity.WARNING
    return Problem(Code.UNKNOWN_NAME, message, hint, severity=severity)


def _hint(name: str, known: Vocabulary) -> str:
    """Returns what to write instead of a name that is not there."""
    names = known.names
    if successor := known.successors.get(name):
        return f"Write {successor} instead."
    if name in EXPLANATIONS:
        return EXPLANATIONS[name]
    if name in (known.params or ()):
        return f"It is one of the params: write params.{name}."
    if name in names.members["macros"]:
        return f"It is one of the macros: write macros.{name}."
    first, last = names.first_target(name), names.last_target(name)
    if first and last:
        since = f"It came with Airflow {first}" if first > names.target else f"{last} had it last"
        return f"{since}: leave it out."
    if near := nearest(name, names.names, _SIMILAR):
        return f"Is {near!r} meant?"
    return (
        f"A param is params.{name}, an Airflow variable var.value.{name}; a text has quotes. "
        f"If it may be missing: {name} | default('')."
    )


def unset_param(name: str) -> Problem:
    """Returns the warning of a param that nothing sets."""
    return Problem(
        Code.UNSET_PARAM,
        f"neither the row nor the defaults set params.{name}: each run needs it in its conf",
        f"Set {name!r} in the params of the DAG's row, to null if the conf of its runs gives it (a "
        f"scheduler's, or a person's); or write params.get({name!r}) where it may be missing.",
        severity=Severity.WARNING,
    )


def _unknown_macro(name: str, known: Vocabulary) -> Problem:
    near = nearest(name, known.names.members["macros"], _SIMILAR)
    hint = (
        f"If a plugin of that name adds macros, say so in defaults.yaml: "
        f"default: {{plugin_macros: [{name}]}}."
    )
    if near:
        hint = f"Is macros.{near} meant?"
    return Problem(
        Code.UNKNOWN_NAME,
        f"Airflow {known.names.target} has no macros.{name}",
        EXPLANATIONS.get(name, hint),
        severity=Severity.WARNING,
    )


def _task_problem(use: Use, known: Vocabulary) -> Problem | None:
    """Returns the problem of the result of a task that is not there: Airflow prints `None`."""
    task = use.path[0]
    if known.tasks is None or task in known.tasks:
        return None
    inside = [it for it in known.tasks if it.endswith(f".{task}")]
    if inside:
        message = f"the task {task!r} has another id, with the names of its groups"
        hint = " or ".join(f"xcom_pull({it!r})" for it in inside)
        severity = Severity.ERROR if use.certain and known.fails else Severity.WARNING
        return Problem(Code.MISSING_TASK, message, f"Write {hint}.", severity=severity)
    message = f"the job has no task called {task!r}: its result is None"
    hint = did_you_mean(task, known.tasks)
    return Problem(Code.MISSING_TASK, message, hint, severity=Severity.WARNING)


_CHECKS = {
    Kind.FILTER: _filter_problem,
    Kind.TEST: _test_problem,
    Kind.NAME: _name_problem,
    Kind.TASK: _task_problem,
}
