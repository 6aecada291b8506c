"""Reads `expand` of a task: the parameters that Airflow gives each of several mapped tasks another
value of.

Airflow maps over what is known when it reads the file, and over what a task returns
(`is_mappable` and `ensure_xcomarg_return_value` in its source): over no param, and over no XCom
with a key of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from dagc.compiler.analysis.branches import with_names
from dagc.compiler.analysis.earlier_tasks import with_earlier_names
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.taken_results import (
    JobResults,
    properties_of,
    with_entry,
    with_read_results,
)
from dagc.compiler.analysis.template_files import file_problems
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity, known_words
from dagc.compiler.rows.expansion import EXPAND, given_expand
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.cases import case_problems
from dagc.compiler.schema.json_values import kind_of
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.schema.messages import unknown_key
from dagc.compiler.schema.result_slips import result_problems
from dagc.compiler.schema.task_results import (
    Mapped,
    Result,
    read_result,
    results_in,
    results_inside,
    tasks_in,
    with_results,
)
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType

ARGUMENTS = "arguments"
"""The parameter of a type of any operator that holds what others have as parameters."""
_LISTS = "lists"
"""What `mapped` says of a parameter that is mapped over nothing else."""
_FORMS = 'Write a list of values, or {"from": the task_id of a task that returns one}.'


def mapping_diagnostics(results: JobResults, target: Target) -> Iterator[Diagnostic]:
    """Returns what is wrong with what the tasks of a job are mapped over."""
    for task_id, params in results.params.items():
        task, config = results.tasks[task_id], results.job.task_configs.get(task_id)
        if task.type is None or config is None or not given_expand(config):
            continue
        reader = _Reader(results, task.type, task_id)
        mapped = reader.read(given_expand(config))
        problems = [
            *reader.problems,
            *_case_problems(task.type, params, mapped, target),
            *file_problems(task.type, with_mapped(task.type, params, mapped), mapped.keys()),
            *_untimely(config.settings, mapped),
        ]
        for problem in problems:
            at = replace(problem, path=(*config.path, EXPAND, *problem.path))
            yield at.at(results.job.row, "job_task_configs")


def _untimely(settings: Settings, mapped: Mapping[str, Mapped]) -> list[Problem]:
    """How many tasks there are is not known before the task that says it has ended."""
    of_results = [name for name, it in mapped.items() if isinstance(it.value, Result)]
    if settings.get("trigger_rule") != "always" or not of_results:
        return []
    message = "with the trigger rule always it does not wait for the result that it is mapped over"
    hint = "Write all_done as its trigger_rule, or leave that out."
    return [Problem(Code.CONTRADICTION, message, hint, (of_results[0],))]


class Shown(NamedTuple):
    """The parameters of a task as its file has them; the tasks whose results it takes, and what it
    is mapped over, by parameter.
    """

    params: Settings
    takes: tuple[str, ...] = ()
    mapped: Mapping[str, Mapped] = MappingProxyType({})


def shown_params(results: JobResults, task: TaskRow, ids: Mapping[str, str]) -> Shown:
    """Returns the parameters of `task` as the file has them: Airflow's `ids` of tasks in the place
    of those of their rows, and what is mapped.
    """
    assert task.type is not None, "a row without a type has an error"
    params, job = results.params[task.task_id], results.job
    named = with_earlier_names(task.type, with_names(task.type, params, ids), ids)
    given = given_expand(job.task_configs.get(task.task_id))
    mapped = _Reader(results, task.type, task.task_id).read(given) if given else {}
    if not mapped and not any(results_in(task.type.params.inside, named)):
        return Shown(named)
    read = with_mapped(task.type, with_read_results(task.type, named, job), mapped)
    shown: Settings = with_results(read, lambda it: it._replace(task=ids[it.task]))
    return Shown(shown, tasks_in(shown), mapped)


def with_mapped(task_type: TaskType, params: Settings, mapped: Settings) -> dict[str, Any]:
    """Returns the parameters, with what is `mapped` in the place of values. (Of wrong arguments it
    is not known which are there: they stay wrong.)
    """
    if not (task_type.any_operator and mapped):
        return {**params, **mapped}
    arguments = params.get(ARGUMENTS) or {}
    own = {**arguments, **mapped} if isinstance(arguments, Mapping) else arguments
    return {**params, ARGUMENTS: own}


class _Reader:
    """Reads the values of each parameter that a task is mapped over, and gathers what is wrong with
    them.
    """

    def __init__(self, results: JobResults, task_type: TaskType, task_id: str) -> None:
        self.results = results
        self.type = task_type
        self.task_id = task_id
        self.problems: list[Problem] = []

    def read(self, given: Mapping[str, Any]) -> dict[str, Mapped]:
        known = mappable_params(self.type)
        result: dict[str, Mapped] = {}
        for name, value in sorted(given.items()):
            if known is not None and name not in known:
                self.problems.append(_not_mappable(self.type, name, known, given))
            elif name in self.type.params.later:
                self.type.params.properties[name](value, (name,), self.problems)
            elif found := read_result(value):
                result[name] = self._of_a_result(name, found)
            elif isinstance(value, list) and value:
                entries = enumerate(value)
                result[name] = Mapped([self._value(name, it, (name, i)) for i, it in entries])
            else:
                self.problems += result_problems(value, (name,)) or [_other_form(value, (name,))]
        return result

    def _of_a_result(self, name: str, result: Result) -> Mapped:
        self._check(result, result, (name,))
        if properties_of(self.type).get(name, {}).get("mapped") == _LISTS:
            message = "it is sent as JSON text, which the result of a task does not become"
            hint = "Write a list of values, or let a PYTHON task send them."
            self.problems.append(Problem(Code.UNSUPPORTED, message, hint, (name,)))
        return Mapped(result)

    def _value(self, name: str, value: Any, path: JsonPath) -> Any:
        """One of the values for a parameter, as it reaches the operator."""
        found: list[Problem] = []
        if self.type.any_operator:
            arguments = self.type.params.properties[ARGUMENTS]({name: value}, ("",), found)
            checked = arguments.get(name) if arguments else None
            found = [replace(problem, path=problem.path[2:]) for problem in found]
        else:
            checked = self.type.params.properties[name](value, (), found)
        self.problems += [replace(problem, path=(*path, *problem.path)) for problem in found]
        if checked is None and value is not None:
            return INVALID
        schema = properties_of(self.type).get(name, {})
        for _, problem in self.results.slips(schema, value):
            self.problems.append(problem.inside(*path, *problem.path))
        for step, result in results_inside(schema, value):
            self._check(result, value[step], (*path, step))
            if result.task in self.results.job.tasks:
                checked = with_entry(checked, step, result)
        return checked

    def _check(self, result: Result, value: Any, path: JsonPath) -> None:
        problem = self.results.problem(self.task_id, value, result)
        if problem:
            self.problems.append(problem.inside(*path))
        if result.key and result.task in self.results.job.tasks:
            message = "Airflow maps over what a task returns, and over nothing else that it gives"
            hint = "Let a PYTHON task take it and return it, and name that one, without a key."
            self.problems.append(Problem(Code.UNSUPPORTED, message, hint, (*path, "key")))


def mappable_params(task_type: TaskType) -> list[str] | None:
    """The parameters that may be mapped: templated ones, which the operator has as its argument. Of
    a task that skips others there is none: which of several would decide? None where nothing is
    known of an operator.
    """
    if task_type.skips:
        return []
    properties = properties_of(task_type)
    if task_type.any_operator:
        return sorted(properties[ARGUMENTS]["properties"]) if task_type.signature else None
    return [
        name
        for name, schema in properties.items()
        if schema.get("templated") and schema.get("mapped", True)
    ]


def _case_problems(
    task_type: TaskType, params: Settings, mapped: Mapping[str, Mapped], target: Target
) -> Iterator[Problem]:
    """What the cases of the type say of each value that a parameter is mapped over."""
    for name, (values,) in mapped.items():
        unprinted: Problem | None = None
        for index, value in enumerate(values if isinstance(values, list) else [values]):
            if value is INVALID:
                continue
            for problem in case_problems(task_type.cases, {**params, name: value}, {name}, target):
                if problem.code is Code.NO_EFFECT:
                    unprinted = replace(problem, severity=Severity.ERROR)
                elif problem.path[:1] == (name,):
                    yield replace(problem, path=(name, index, *problem.path[1:]))
        if unprinted:
            yield unprinted


def _not_mappable(
    task_type: TaskType, name: str, mappable: list[str], given: Mapping[str, Any]
) -> Problem:
    if task_type.any_operator or name not in task_type.params.properties:
        return unknown_key(name, mappable, given, ())
    message = f"{name!r} of {task_type.name} cannot be mapped"
    hint = known_words(mappable) if mappable else "Leave expand out: no parameter can be."
    return Problem(Code.BAD_VALUE, message, hint, (name,))


def _other_form(value: Any, path: JsonPath) -> Problem:
    if isinstance(value, list):
        return Problem(Code.BAD_VALUE, "a list with nothing in it", _FORMS, path)
    if isinstance(value, dict) and value.keys() == {"param"}:
        message = "Airflow maps over a list that is known, or that a task returns, and no param"
        hint = 'Let a PYTHON task before it return the param, and write {"from": its task_id}.'
        return Problem(Code.UNSUPPORTED, message, hint, path)
    return Problem(Code.BAD_TYPE, f"{kind_of(value)} instead of a list", _FORMS, path)
