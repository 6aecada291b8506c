"""Tasks and edges that are in one file alone."""

from collections.abc import Iterator, Sequence

from dagc.changes.kinds.file_reading import FileReading
from dagc.changes.kinds.task_pairs import TaskPairs
from dagc.changes.kinds.word_lists import counted, some

_EDGES = 6
"""Edges that are told one by one; more are counted."""


def structure_sentences(before: FileReading, after: FileReading, pairs: TaskPairs) -> Iterator[str]:
    """`task check is new`, `load >> check is removed`; edges of a task that is called otherwise
    stay what they are.
    """
    for old, new in pairs.renamed:
        yield f"task {old} is now {new}: its history stays with {old}"
    yield from _tasks(pairs.added, "new")
    yield from _tasks(pairs.removed, "removed")
    now = dict(pairs.renamed)
    edges = {(now.get(one, one), now.get(other, other)) for one, other in before.edges}
    yield from _edges(sorted(after.edges - edges), "new")
    yield from _edges(sorted(edges - after.edges), "removed")


def _tasks(task_ids: Sequence[str], what: str) -> Iterator[str]:
    if len(task_ids) == 1:
        yield f"task {task_ids[0]} is {what}"
    elif task_ids:
        yield f"tasks {some(task_ids)} are {what}"


def _edges(edges: Sequence[tuple[str, str]], what: str) -> Iterator[str]:
    if len(edges) > _EDGES:
        yield f"{counted(len(edges), 'edge')} are {what}, such as {' >> '.join(edges[0])}"
    else:
        yield from (f"{' >> '.join(edge)} is {what}" for edge in edges)
