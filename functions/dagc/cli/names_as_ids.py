"""Says of an id that no row has that it is a row's *name*.

The command line alone knows: it has read all rows, the deployed function those that a DAG names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dagc.compiler import Code, Diagnostic, JobRow, Snapshot


class NamesAsIds:
    """The names of `rows`, read when the first id is missing."""

    def __init__(self, rows: Snapshot) -> None:
        self._rows = rows
        self._hints: dict[str, str] | None = None

    def explained(self, diagnostic: Diagnostic) -> Diagnostic:
        """Returns `diagnostic`; its hint leads to the row, if what is missing is one's name."""
        if diagnostic.code not in (Code.MISSING_JOB, Code.MISSING_TASK):
            return diagnostic
        if self._hints is None:
            jobs = [row for rows in self._rows.claims().values() for row in rows]
            named = [(row.name, row.job_id) for row in jobs if isinstance(row, JobRow)]
            self._hints = dict(_hints("job", named))
            tasks = self._rows.all_tasks()
            self._hints |= _hints("task", ((row.name, row.task_id) for row in tasks))
        return replace(diagnostic, hint=self._hints.get(diagnostic.message, diagnostic.hint))


def _hints(kind: str, named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yields the hint for each name of a row, by what the analysis says where an id is missing."""
    ids: dict[str, list[str]] = {}
    for name, id_ in named:
        if name:
            ids.setdefault(name, []).append(id_)
    for name, of_name in ids.items():
        several = " or ".join(map(repr, sorted(of_name)))
        hint = f"That is a {kind}_name. Write the {kind}_id of that row here: {several}."
        yield f"there is no {kind} {name!r}", hint
