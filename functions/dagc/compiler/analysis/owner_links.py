"""What a DAG links its owners to. Airflow shows a DAG's owners, which are those of its tasks, and
looks for the link of each (`owner_links` of DAG): of one that no task has, nothing is ever shown.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from dagc.compiler.analysis.ineffective_task_settings import no_effect
from dagc.compiler.analysis.models import Settings
from dagc.compiler.diagnostics import Problem, known_words, nearest

SETTING = "owner_links"
_OF_AIRFLOW = "airflow"
"""The owner of a task that is given none, unless Airflow is configured otherwise."""


def with_links_of_owners(settings: Settings, members: Iterable[Settings]) -> Settings:
    """Returns `settings` of a DAG, their links only those of its owners; `members` are the settings
    of its tasks.
    """
    links = settings.get(SETTING) or {}
    owners = _owners(settings, members) if links else ()
    shown = {owner: links[owner] for owner in sorted(links) if owner in owners}
    rest = {name: value for name, value in settings.items() if name != SETTING}
    return rest | ({SETTING: shown} if shown else {})


def links_without_owner(
    own: Settings, settings: Settings, members: Iterable[Settings]
) -> Iterator[Problem]:
    """Returns a warning for each link in a row's `own` settings whose owner no task has; the merged
    `settings` and those of the `members` name the owners.
    """
    links = own.get(SETTING)
    if not isinstance(links, dict):
        return
    owners = _owners(settings, members)
    for owner in sorted(links.keys() - owners):
        message = f"{owner!r} owns nothing here, so that its link is not shown"
        problem = no_effect(message, known_words(owners), (SETTING, owner))
        near = nearest(owner, owners - links.keys())
        yield problem.proposing_key(near) if near else problem


def _owners(settings: Settings, members: Iterable[Settings]) -> set[str]:
    """Returns the owners of the tasks. (Airflow divides `a, b` into two.)"""
    dags: Any = settings.get("owner", _OF_AIRFLOW)
    given = [dags, *(member["owner"] for member in members if member.get("owner"))]
    texts = [owner for owner in given if isinstance(owner, str)]
    return {name.strip() for text in texts for name in text.split(",")}
