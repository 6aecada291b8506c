"""Warns of tasks and jobs that a DAG has though the row's list, which is there, lacks them.

Dependencies and overrides bring them in, too. That is meant where there is no list. Beside one, it
is mostly an entry that was forgotten when the id was taken out of the list.
"""

from collections.abc import Container, Iterator, Mapping

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, Severity
from dagc.compiler.rows.keys import JOB
from dagc.compiler.rows.members import MemberConfig


def unlisted_members(
    row: RowKey,
    members: Mapping[str, str],
    configs: Mapping[str, MemberConfig],
    known: Container[str],
) -> Iterator[Diagnostic]:
    """Returns a warning for each such id among the `members` of `row`.

    `members` holds by id the attribute that mentions it first. Of an id that is not `known`, an
    error says as much.
    """
    kind = "task" if row.table == JOB else "job"
    list_name = f"{kind}_list"
    if list_name not in members.values():
        return
    for id_, attribute in members.items():
        if attribute == list_name or id_ not in known:
            continue
        problem = Problem(
            Code.UNLISTED_MEMBER,
            f"the {kind} {id_!r} runs though {list_name} lacks it, for it is named here",
            f"Add it to {list_name}, or remove it here.",
            configs[id_].path if attribute.endswith("_configs") else (),
            Severity.WARNING,
        )
        yield problem.at(row, attribute)
