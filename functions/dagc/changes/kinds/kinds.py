"""What kind of change it is from one text of a DAG file to another, judged on the syntax trees.

identity    The DAG's id differs: Airflow knows another DAG; the runs until now stay with the old.
schedule    When it runs: schedule, time zone, start_date, end_date, catchup.
structure   Tasks that are new, removed, or called otherwise (a removed and an added one that come
            of one row, or that are the same call but for the id: the history stays with the old
            id); edges that are new or removed.
behaviour   What the DAG or a task is given: an operator, an argument, the functions that the file
            defines, and whatever else the file does.
SQL         The SQL that a task is given.
cosmetic    What Airflow does nothing with at run time: comments, docstrings, descriptions,
            doc_md, display names, tags, task groups; where something stands, and how it is
            written.

What a task is given counts, not where it stands: an entry of `default_args` is an argument of every
operator that takes it, a constant above the DAG is its value, the order of keyword arguments, of
the keys of a map and of edges is none.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from dagc.changes.kinds.argument_changes import TIMETABLES
from dagc.changes.kinds.canonical_file import alike
from dagc.changes.kinds.canonical_tree import same
from dagc.changes.kinds.code_changes import function_sentences, rest_sentences
from dagc.changes.kinds.file_reading import FileReading, read_file
from dagc.changes.kinds.given_changes import GivenChange, given_changes, sentences
from dagc.changes.kinds.group_changes import group_sentences
from dagc.changes.kinds.shown_values import shown_change
from dagc.changes.kinds.structure_changes import structure_sentences
from dagc.changes.kinds.task_arguments import Inheritance, Taken
from dagc.changes.kinds.task_pairs import pair_tasks


class Kind(StrEnum):
    """A kind of change, in the order in which a reader wants to know it."""

    IDENTITY = "identity"
    SCHEDULE = "schedule"
    STRUCTURE = "structure"
    BEHAVIOUR = "behaviour"
    SQL = "SQL"
    COSMETIC = "cosmetic"


class FileDifference(NamedTuple):
    """The kinds of change from one text to another, in their order, and what changes: sentences
    for people. Equal texts have none; of texts that differ, there is at least one.
    """

    found: Mapping[Kind, tuple[str, ...]]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds alone."""
        return tuple(self.found)


_MOST = 8
"""Sentences of a kind; the others are counted."""
_OF_SCHEDULE = TIMETABLES | {"timezone", "start_date", "end_date", "catchup"}
_OF_TEXTS = frozenset({
    "description", "doc", "doc_json", "doc_md", "doc_rst", "doc_yaml", "dag_display_name",
    "task_display_name", "task_group", "owner_links", "tags",
})  # fmt: skip
_SQL_ENDINGS = ("sql", "_query")
_NO_SQL = frozenset({"split_sql", "return_sql_result"})


def compare_files(before: str, after: str, taken: Taken | None = None) -> FileDifference:
    """What changes from `before` to `after`, two texts of a DAG file.

    `taken` are the arguments that operators take from `default_args`, as far as they are known
    (`Inheritance` says what is known without). It never fails: a text that is no Python differs in
    behaviour.
    """
    if before == after:
        return FileDifference({})
    try:
        first, second = read_file(before), read_file(after)
        found = _compared(first, second, taken or {})
    except (SyntaxError, ValueError, RecursionError):
        return FileDifference({Kind.BEHAVIOUR: ("the file differs, and cannot be read as Python",)})
    if not any(found.values()):
        found[Kind.COSMETIC] += _beside_the_code(first, second)
    return FileDifference({kind: _few(found[kind]) for kind in Kind if found[kind]})


def _compared(before: FileReading, after: FileReading, taken: Taken) -> dict[Kind, list[str]]:
    first, second = alike(before, after)
    pairs = pair_tasks(first, second)
    given = list(given_changes(first, second, pairs, Inheritance(first, second, taken)))
    found: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    found[Kind.IDENTITY] += _identity(first, second)
    found[Kind.STRUCTURE] += structure_sentences(first, second, pairs)
    for kind in (Kind.SCHEDULE, Kind.BEHAVIOUR, Kind.SQL, Kind.COSMETIC):
        of_kind = [change for change in given if _kind(change) is kind]
        found[kind] += sentences(of_kind, len(pairs.kept) + len(pairs.renamed))
    found[Kind.COSMETIC] += group_sentences(first, second)
    found[Kind.BEHAVIOUR] += [
        *function_sentences(first, second),
        *rest_sentences(first, second),
    ]
    return found


def _identity(before: FileReading, after: FileReading) -> list[str]:
    if same(before.dag_id, after.dag_id):
        return []
    words = shown_change(before.dag_id, after.dag_id).replace('"', "")
    return [f"dag_id: {words}; the runs until now stay with the old id"]


def _kind(change: GivenChange) -> Kind:
    """The kind of an argument that changes."""
    name = change.argument.name
    if not change.task_id and name in _OF_SCHEDULE:
        return Kind.SCHEDULE
    if name in _OF_TEXTS:
        return Kind.COSMETIC
    if change.task_id and (name.endswith(_SQL_ENDINGS) or name == "query") and name not in _NO_SQL:
        return Kind.SQL
    return Kind.BEHAVIOUR


def _beside_the_code(before: FileReading, after: FileReading) -> list[str]:
    """What differs though the code does the same. (A task's comment comes and goes with it: so this
    is said only where nothing else is.)
    """
    said = ["comments"] * (before.comments != after.comments)
    said += ["docstrings"] * (before.docstrings != after.docstrings)
    return said or ["the code is written otherwise, and does the same"]


def _few(words: Sequence[str]) -> tuple[str, ...]:
    """At most `_MOST` sentences; of more, how many more there are."""
    if len(words) <= _MOST:
        return tuple(words)
    return (*words[: _MOST - 1], f"{len(words) - _MOST + 1} more")
