"""Checks and merges named values that several layers give: defaults, job, task row, overrides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dagc.compiler.diagnostics import JsonPath, Problem
from dagc.compiler.schema.checks import (
    ANNOTATIONS,
    Check,
    SchemaError,
    Surroundings,
    compile_check,
)
from dagc.compiler.schema.messages import no_result, unknown_key
from dagc.compiler.schema.result_slips import result_problems
from dagc.compiler.schema.task_results import holds_results, read_result, takes_result
from dagc.compiler.schema.templated_texts import Schema, holds_templated, templated_texts
from dagc.compiler.targets import Target, since_target

INVALID = object()
"""Stands for a value that is there but wrong, so that it is not reported as missing as well."""

Layer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerSchema:
    """A compiled schema: it checks one layer, and what the merged layers lack.

    `null_if_empty`: for these names an empty object means null. `any_of`: one of these sets of
    names must be given whole. `exclusive`: of each of these sets, only one name can hold; a later
    layer's drops the others of the earlier layers. `if_null`: the value that a null stands for,
    where it is more than "not given". `templated`: the schemas of those properties that hold texts
    that Airflow renders. `by_result`: in the place of these values, the result of a task may stand.
    `inside`: the schemas of those properties in which it may.
    `later`: only a later Airflow takes these. `of_format`: the names by their format. `declared`:
    the schema that all of this was compiled from.
    """

    properties: Mapping[str, Check]
    null_if_empty: frozenset[str]
    required: frozenset[str]
    any_of: tuple[frozenset[str], ...]
    exclusive: tuple[frozenset[str], ...]
    if_null: Mapping[str, Any]
    templated: Mapping[str, Schema]
    by_result: frozenset[str]
    inside: Mapping[str, Schema]
    later: frozenset[str]
    of_format: Mapping[str, list[str]]
    declared: Schema

    def check(self, layer: Layer, path: JsonPath, problems: list[Problem]) -> dict[str, Any]:
        """Returns the known entries of `layer` as Python data, in the order of their names: the
        maps of DynamoDB have none. A null stands for "not given".
        """
        checked: dict[str, Any] = {}
        for name in sorted(layer):
            check, value = self.properties.get(name), layer[name]
            if check is None:
                problems.append(unknown_key(name, self.properties, layer, path))
            elif isinstance(value, dict) and (found := self._result(name, value)):
                problems += [] if found is not INVALID else [no_result(name, (*path, name))]
                checked[name] = found
            elif (
                isinstance(value, dict)
                and name in self.by_result
                and (slips := result_problems(value, (*path, name)))
            ):
                problems += slips
                checked[name] = INVALID
            elif value is None or (value == {} and name in self.null_if_empty):
                checked[name] = None
            else:
                result = check(value, (*path, name), problems)
                checked[name] = INVALID if result is None else result
        return checked

    def _result(self, name: str, value: dict[str, Any]) -> Any:
        """The result that `value` stands for; INVALID where none may; None where it is a value."""
        if name in self.by_result:
            return read_result(value)
        declared = self.declared["properties"][name] or {}
        return INVALID if declared.get("results") == "none" and read_result(value) else None

    def merge(self, *layers: Layer) -> dict[str, Any]:
        """Merges as `merged` does; of names that exclude one another, the last layer's hold."""
        result: dict[str, Any] = {}
        for layer in layers:
            for names in self.exclusive if result else ():
                if not names.isdisjoint(layer) and any(layer.get(n) is not None for n in names):
                    result = {k: v for k, v in result.items() if k not in names or k in layer}
            _lay_over(result, layer)
            if self.if_null:
                self._lay_nulls_over(result, layer)
        return result

    def _lay_nulls_over(self, result: dict[str, Any], layer: Layer) -> None:
        """Puts into `result` what nulls of `layer` stand for, unless what excludes it is given."""
        for name, value in self.if_null.items():
            if name in layer and layer[name] is None:
                others = {other for names in self.exclusive if name in names for other in names}
                if others.isdisjoint(result):
                    result[name] = value

    def lacking(self, layers: Layer) -> Iterator[tuple[str, list[str]]]:
        """Says what the merged `layers` lack: in words, and the names of what would be enough."""
        given = layers.keys()
        if not self.required <= given:
            for name in sorted(self.required - given):
                yield repr(name), [name]
        if self.any_of and not any(names <= given for names in self.any_of):
            words = " and ".join
            choices = ", or ".join(words(map(repr, sorted(names))) for names in self.any_of)
            nearest = max(self.any_of, key=lambda names: len(names & given))
            yield choices, sorted(nearest - given)

    def texts(self, layer: Layer) -> Iterator[tuple[JsonPath, str]]:
        """Returns the texts in a checked `layer` that Airflow renders, each with its path."""
        for name, value in layer.items():
            if name in self.templated and value and (not isinstance(value, str) or "{" in value):
                yield from templated_texts(self.templated[name], value, (name,))

    def contradicting(self, layers: Layer) -> Iterator[str]:
        """Returns which names of the merged `layers` exclude one another, in words."""
        for names in self.exclusive:
            if len(names & layers.keys()) > 1:
                yield " and ".join(map(repr, sorted(names & layers.keys())))


def compile_layers(
    schema: Mapping[str, Any], where: str, target: Target | None = None, *, is_sound: bool = False
) -> LayerSchema:
    """Compiles an object schema, for `target` (None: for any). SchemaError says what is not
    understood, and `where` it stands. Of a schema that `is_sound`, for it was compiled before, each
    property is compiled when it is used.
    """
    known = {"type", "properties", "required", "anyOf", "exclusive"} | ANNOTATIONS
    if unknown := set(schema) - known:
        raise SchemaError(f"{where}: {min(unknown)!r} is not understood here")
    properties = schema.get("properties") or {}
    required = frozenset(schema.get("required", ()))
    any_of = tuple(frozenset(choice["required"]) for choice in schema.get("anyOf", ()))
    exclusive = tuple(frozenset(names) for names in schema.get("exclusive", ()))
    for name in (*required, *(name for names in (*any_of, *exclusive) for name in names)):
        if name not in properties:
            raise SchemaError(f"{where}: names {name!r}, which is no property")
    around = Surroundings(target=target)
    checks: dict[str, Check] = {}
    for name, entry in properties.items():
        made = partial(compile_check, _alone(entry), f"{where}.{name}", around)
        checks[name] = _when_used(checks, name, made) if is_sound else made()
    empty = frozenset(name for name, entry in properties.items() if entry.get("emptyIsNull"))
    if_null = {name: entry["ifNull"] for name, entry in properties.items() if "ifNull" in entry}
    later = frozenset(name for name, entry in properties.items() if _is_later(entry, target))
    by_result = frozenset(name for name, entry in properties.items() if takes_result(entry)) - later
    return LayerSchema(
        properties=checks,
        null_if_empty=empty,
        required=required,
        any_of=any_of,
        exclusive=exclusive,
        if_null=if_null,
        templated={name: entry for name, entry in properties.items() if holds_templated(entry)},
        by_result=by_result,
        inside={name: entry for name, entry in properties.items() if holds_results(entry)},
        later=later,
        of_format=_by_format(properties),
        declared=schema,
    )


def _when_used(checks: dict[str, Check], name: str, made: Callable[[], Check]) -> Check:
    compiled: list[Check] = []  # whoever has a copy of `checks` comes here each time

    def first(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        if not compiled:
            compiled.append(made())
        check = checks[name] = compiled[0]
        return check(value, path, problems)

    return first


def _by_format(properties: Mapping[str, Schema]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, entry in properties.items():
        found.setdefault(entry.get("format", ""), []).append(name)
    return found


def _is_later(schema: Schema, target: Target | None) -> bool:
    since = since_target(schema)
    return since is not None and target is not None and target < since


def _alone(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns what holds of a value whatever the others are: with `inCases`, not even its type."""
    if not schema.get("inCases"):
        return schema
    return {key: value for key, value in schema.items() if key != "type"}


def merged(*layers: Layer) -> dict[str, Any]:
    """Lays the layers over one another, the later over the earlier: objects merge key by key,
    all else is replaced, and a null on the first level removes what the earlier layers said.

    (JSON Merge Patch, RFC 7396, but for nulls further down, which are data.)
    """
    result: dict[str, Any] = {}
    for layer in layers:
        _lay_over(result, layer)
    return result


def _lay_over(base: dict[str, Any], layer: Layer) -> None:
    """Merges `layer` into `base`, as `merged` does."""
    for name, value in layer.items():
        if value is None:
            base.pop(name, None)
        elif isinstance(value, dict):
            base[name] = _over(base.get(name), value)
        else:
            base[name] = value


def _over(base: Any, value: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(value, dict)):
        return value
    return {**base, **{name: _over(base.get(name), entry) for name, entry in value.items()}}
