"""What DAGs are by their records, where the toolchain here says something else. Pure."""

from collections.abc import Collection, Iterable, Mapping

from dagc.changes.dag_change import DagChange
from dagc.changes.forecast.consequences import effect_of
from dagc.changes.kinds.word_lists import counted, some
from dagc.plan.record import Record, State


def as_recorded(
    dags: Iterable[DagChange], records: Mapping[str, Record], waiting: Collection[str]
) -> tuple[tuple[DagChange, ...], str]:
    """`dags`, where those that are invalid here, and published by their records, count as published
    before the change; and a sentence that names these, "" for none.

    Not so for the DAGs that are `waiting`: their records are not of their rows as these are now.
    """
    found, published = [], []
    for dag in dags:
        record = records.get(dag.dag_id, Record(dag.dag_id))
        is_published = record.state == State.PUBLISHED and dag.dag_id not in waiting
        if dag.before.state is State.INVALID and is_published:
            published.append(dag.dag_id)
            before = dag.before._replace(state=State.PUBLISHED)
            found.append(dag._replace(before=before, effect=effect_of(before, dag.after)))
        else:
            found.append(dag)
    return tuple(found), _sentence(published) if published else ""


def _sentence(published: list[str]) -> str:
    number = counted(len(published), "DAG")
    which = f"{number} that {'is' if len(published) == 1 else 'are'} published in the stack"
    return (
        f"{which} would be in error with the toolchain here, also without the change: "
        f"{some(published)}. These errors need not be true of the stack."
    )
