"""Which DAGs of a plan change alike, so that a long plan says it once."""

import re
from collections.abc import Mapping, Sequence

from dagc.changes.dag_change import Effect
from dagc.changes.differences.text_difference import text_difference
from dagc.changes.kinds.dag_facts import DagFacts
from dagc.changes.kinds.kinds import Kind

_TASKS = re.compile(r"(?:task|tasks|every task)\b[^:]*: ")
"""How a sentence begins that is true of some tasks."""
_WRONG = frozenset({Effect.INVALID, Effect.STILL_INVALID, Effect.BLOCKED})


def alike(dags: Sequence[DagFacts], *, many: bool) -> list[list[DagFacts]]:
    """The DAGs, those together in which the same lines change; where there are `many`, those of
    which the same is true, whatever their tasks are called.
    """
    groups: dict[object, list[DagFacts]] = {}
    for facts in dags:
        groups.setdefault((facts.change.effect, _mark(facts, many=many)), []).append(facts)
    return list(groups.values())


def _mark(facts: DagFacts, *, many: bool) -> object:
    """What a DAG has in common with those that change alike; its id, where it stands alone."""
    change, difference = facts.change, facts.difference
    if many and change.effect in _WRONG:
        return change.before.text is None
    if change.renamed or not difference.found:
        return change.dag_id
    if many:
        return _without_tasks(facts)
    lines = text_difference(facts.before or "", facts.after or "", context=0)
    return tuple((line.sign, line.text) for line in lines if line.sign != "@")


def common_sentences(group: Sequence[DagFacts]) -> Mapping[Kind, Sequence[str]]:
    """What is true of all DAGs of a group."""
    first, *others = group
    if all(facts.difference == first.difference for facts in others):
        return first.difference.found
    return dict(_without_tasks(first))


def _without_tasks(facts: DagFacts) -> tuple[tuple[Kind, tuple[str, ...]], ...]:
    """The sentences, without the names of tasks."""
    return tuple(
        (kind, tuple(dict.fromkeys(_TASKS.sub("tasks: ", it, count=1) for it in sentences)))
        for kind, sentences in facts.difference.found.items()
    )
