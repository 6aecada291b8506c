"""What holds of a task's parameters only beside others, as a type's `cases` declare it.

    cases:
      - when: {conn_id: absent, sql: list}
        no_effect: [autocommit]
        properties:
          parameters: {since: "3.2"}
      - when: {launch_type: {is: FARGATE}}
        required: [network_configuration]
      - targets: ["3.0", "3.1"]
        required: [wait_for_completion]
        hint: Set it to false.
      - apart: [allowed_states, failed_states]

Where all is so that `when` asks of the parameters (`param_conditions.py`; without it, always),
those of `no_effect` that a row gives are warned of, those that are `required` must be there, those
of `properties` are checked once more, no value stands in two lists of `apart` nor are two of them
true, and the rules of `sql` apply (`sql_rules.py`). What has `targets` holds for those alone; a
`hint` says what to do. All of this is about the merged parameters, defaults included.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Problem, Severity, did_you_mean
from dagc.compiler.schema.checks import Check, SchemaError, Surroundings, compile_check
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.schema.param_conditions import When, compile_when, holds, words_of
from dagc.compiler.schema.sql_rules import SQL_RULES, Rule, sent_sql
from dagc.compiler.schema.task_results import Result
from dagc.compiler.targets import Target, since_target

_KEYS = {"apart", "when", "targets", "no_effect", "properties", "required", "hint", "sql"}


class Case(NamedTuple):
    """`unsupported` are the parameters that the target takes only elsewhere, each with the first
    target that takes it here. `only` is the target, where the case is not for all of them. `hint`
    is what to do where one that is `required` is missing or `checks` find a mistake, if not "".
    `words` are the condition in words: "without 'conn_id' and with a list in 'sql'".
    """

    when: When
    only: Target | None
    no_effect: frozenset[str]
    required: tuple[str, ...]
    apart: tuple[str, ...]
    checks: Mapping[str, Check]
    unsupported: Mapping[str, Target]
    hint: str
    sql: tuple[tuple[str, Sequence[Rule]], ...]
    words: str


def compile_cases(
    declared: Sequence[Mapping[str, Any]], known: Collection[str], target: Target
) -> tuple[Case, ...]:
    """Compiles a type's `cases` for `target`; `known` are its parameters. Raises SchemaError."""
    return tuple(
        _compiled(entry, known, target, f"cases[{index}]")
        for index, entry in enumerate(declared)
        if str(target) in entry.get("targets", [str(target)])
    )


def case_problems(
    cases: Sequence[Case], params: Mapping[str, Any], given: Collection[str], target: Target
) -> Iterator[Problem]:
    """Yields what is wrong with the merged `params`, of which a row gives those in `given`."""
    for case in cases:
        if holds(case.when, params):
            if not case.no_effect.isdisjoint(given):
                yield from _no_effect(case, {n for n in given if params.get(n) is not INVALID})
            if case.required:
                yield from (_missing(case, name) for name in case.required if name not in params)
            if case.apart:
                yield from _not_apart(case, params)
            if case.unsupported:
                yield from _unsupported(case, params, target)
            for name, check in case.checks.items():
                yield from _mistakes(case, name, check, params.get(name))
            for name, rules in case.sql:
                sent = sent_sql(params, name, case.words)
                for rule in rules:
                    yield from rule(sent)


def _compiled(entry: Mapping[str, Any], known: Collection[str], target: Target, where: str) -> Case:
    if unknown := set(entry) - _KEYS:
        raise SchemaError(f"{where}: {min(unknown)!r}: {did_you_mean(min(unknown), _KEYS)}")
    when, properties = entry.get("when") or {}, dict(entry.get("properties") or {})
    no_effect = frozenset(entry.get("no_effect") or ())
    required = tuple(entry.get("required") or ())
    apart = tuple(entry.get("apart") or ())
    conditions = compile_when(when, known, where)
    for name in (*properties, *no_effect, *required, *apart):
        if name not in known:
            raise SchemaError(f"{where}: names {name!r}, which is no property")
    unsupported = {}
    for name, schema in properties.items():
        since = since_target(schema)
        if since is not None and target < since:
            unsupported[name] = since
    checks = {
        name: compile_check(schema, f"{where}.{name}", Surroundings(target=target))
        for name, schema in properties.items()
        if name not in unsupported
    }
    sql = _sql_rules(entry, known, where)
    only = target if "targets" in entry else None
    hint = str(entry.get("hint") or "")
    words = _words(conditions, only)
    return Case(conditions, only, no_effect, required, apart, checks, unsupported, hint, sql, words)


def _words(when: When, only: Target | None) -> str:
    words = words_of(when)
    return f"{words} in Airflow {only}".lstrip() if only else words


def _sql_rules(
    entry: Mapping[str, Any], known: Collection[str], where: str
) -> tuple[tuple[str, Sequence[Rule]], ...]:
    """Reads the names of rules for the parameter `sql`, or for those of a mapping."""
    declared = entry.get("sql") or {}
    by_name = declared if isinstance(declared, Mapping) else {"sql": declared}
    for name, rules in by_name.items():
        if name not in known:
            raise SchemaError(f"{where}: sql names {name!r}, which is no property")
        for rule in rules:
            if rule not in SQL_RULES:
                raise SchemaError(f"{where}: sql {rule!r}: {did_you_mean(str(rule), SQL_RULES)}")
    return tuple((name, [SQL_RULES[rule] for rule in rules]) for name, rules in by_name.items())


def _mistakes(case: Case, name: str, check: Check, value: Any) -> Iterator[Problem]:
    if value is not None and value is not INVALID and not isinstance(value, Result):
        problems: list[Problem] = []
        check(value, (name,), problems)
        yield from (replace(problem, hint=case.hint or problem.hint) for problem in problems)


def _missing(case: Case, name: str) -> Problem:
    return Problem(
        Code.MISSING_PARAMETER,
        f"{name!r} is missing {case.words}".rstrip(),
        case.hint or "Set it here, in the job's job_task_configs, or in defaults.yaml.",
    )


def _not_apart(case: Case, params: Mapping[str, Any]) -> Iterator[Problem]:
    lists = {name: value for name in case.apart if isinstance(value := params.get(name), list)}
    for one, other in combinations(lists, 2):
        for value in (value for value in lists[one] if value in lists[other]):
            yield Problem(
                Code.CONTRADICTION,
                f"{value!r} stands in {one!r} and in {other!r}",
                "Keep it in one of them.",
                (other,),
            )
    for one, other in combinations([n for n in case.apart if params.get(n) is True], 2):
        message = f"{one!r} and {other!r} are both true"
        yield Problem(Code.CONTRADICTION, message, "Keep one of them.", (other,))


def _no_effect(case: Case, given: Collection[str]) -> Iterator[Problem]:
    for name in sorted(case.no_effect.intersection(given)):
        yield Problem(
            Code.NO_EFFECT,
            f"{name!r} has no effect {case.words}".rstrip(),
            "Remove it.",
            (name,),
            Severity.WARNING,
        )


def _unsupported(case: Case, params: Mapping[str, Any], target: Target) -> Iterator[Problem]:
    for name, since in case.unsupported.items():
        if params.get(name) is not None:
            yield Problem(
                Code.UNSUPPORTED,
                f"the operator of Airflow {target} takes no {name!r} {case.words}",
                f"That of Airflow {since} does: leave it out, or deploy for that version.",
                (name,),
            )
