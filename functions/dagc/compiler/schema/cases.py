"""What holds of a task's parameters only beside others, as a type's `cases` declare it.

    cases:
      - when: {conn_id: absent, sql: list}
        no_effect: [autocommit]
        properties:
          parameters: {since: "3.2"}

`when` asks of each name whether the parameter is `given`, `absent`, or a `list`. Where all of it is
so, parameters of `no_effect` that a row gives are warned of, and those of `properties` are checked
once more. Without `when`, always. All of this is about the merged parameters, defaults included.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Problem, Severity, did_you_mean
from dagc.compiler.schema.checks import Check, SchemaError, Surroundings, compile_check
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.targets import Target, since_target

_CONDITIONS = {
    "given": "with {!r}",
    "absent": "without {!r}",
    "list": "with a list in {!r}",
}
"""The conditions, and their words in a message."""
_KEYS = {"when", "no_effect", "properties"}


class Case(NamedTuple):
    """`unsupported` are the parameters that the target takes only elsewhere, each with the first
    target that takes it here.
    """

    when: Mapping[str, str]
    no_effect: frozenset[str]
    checks: Mapping[str, Check]
    unsupported: Mapping[str, Target]

    @property
    def words(self) -> str:
        """The condition in words: "without 'conn_id' and with a list in 'sql'"."""
        return " and ".join(_CONDITIONS[state].format(name) for name, state in self.when.items())


def compile_cases(
    declared: Sequence[Mapping[str, Any]], known: Collection[str], target: Target
) -> tuple[Case, ...]:
    """Compiles a type's `cases` for `target`; `known` are its parameters. Raises SchemaError."""
    return tuple(
        _compiled(entry, known, target, f"cases[{index}]") for index, entry in enumerate(declared)
    )


def case_problems(
    cases: Sequence[Case], params: Mapping[str, Any], given: Collection[str], target: Target
) -> Iterator[Problem]:
    """Yields what is wrong with the merged `params`, of which a row gives those in `given`."""
    for case in cases:
        if all(_holds(state, params.get(name)) for name, state in case.when.items()):
            valid = {name for name in given if params.get(name) is not INVALID}
            yield from _no_effect(case, valid)
            for name, since in case.unsupported.items():
                if params.get(name) is not None:
                    yield _unsupported(case, name, since, target)
            for name, check in case.checks.items():
                value = params.get(name)
                if value is not None and value is not INVALID:
                    problems: list[Problem] = []
                    check(value, (name,), problems)
                    yield from problems


def _compiled(entry: Mapping[str, Any], known: Collection[str], target: Target, where: str) -> Case:
    if unknown := set(entry) - _KEYS:
        raise SchemaError(f"{where}: {min(unknown)!r}: {did_you_mean(min(unknown), _KEYS)}")
    when, properties = dict(entry.get("when") or {}), dict(entry.get("properties") or {})
    no_effect = frozenset(entry.get("no_effect") or ())
    for name in (*when, *properties, *no_effect):
        if name not in known:
            raise SchemaError(f"{where}: names {name!r}, which is no property")
    for name, state in when.items():
        if state not in _CONDITIONS:
            hint = did_you_mean(str(state), _CONDITIONS)
            raise SchemaError(f"{where}: {name} is {state!r}: {hint}")
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
    return Case(when, no_effect, checks, unsupported)


def _holds(state: str, value: Any) -> bool:
    if state == "list":
        return isinstance(value, list)
    return (value is None) is (state == "absent")


def _no_effect(case: Case, given: Collection[str]) -> Iterator[Problem]:
    for name in sorted(case.no_effect.intersection(given)):
        yield Problem(
            Code.NO_EFFECT,
            f"{name!r} has no effect {case.words}".rstrip(),
            "Remove it.",
            (name,),
            Severity.WARNING,
        )


def _unsupported(case: Case, name: str, since: Target, target: Target) -> Problem:
    return Problem(
        Code.UNSUPPORTED,
        f"the operator of Airflow {target} takes no {name!r} {case.words}",
        f"That of Airflow {since} does: leave it out, or deploy for that version.",
        (name,),
    )
