"""The Airflow versions that files are compiled for."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import did_you_mean


class Target(NamedTuple):
    """An Airflow minor version, such as 3.0."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def repeats_deferred_tasks(self) -> bool:
        """Whether a retry of a task that has deferred does its work again. On 3.0 and 3.1 it does
        not call `execute()` (measured): it goes on from where the task waited, with the old answer.
        """
        return self not in (Target(3, 0), Target(3, 1))

    @property
    def waits_where_deferrable(self) -> bool:
        """Whether a trigger of another DAG that may defer waits for its run, though it shall not:
        the task SDK of 3.0.6 and of 3.1.0 asks for `deferrable` first (that of 3.1.8 does not).
        """
        return self in (Target(3, 0), Target(3, 1))

    @property
    def deferrable(self) -> bool:
        """Whether a job's tasks may defer: not where their retries would then do nothing."""
        return self.repeats_deferred_tasks


TARGETS = (
    Target(2, 10), Target(2, 11), Target(3, 0), Target(3, 1), Target(3, 2), Target(3, 3),
)  # fmt: skip
DEFAULT = "3.0"
"""The newest Airflow 3 in the API model of Amazon MWAA."""

_BY_NAME = {str(target): target for target in TARGETS} | {
    str(major): max(target for target in TARGETS if target.major == major) for major in (2, 3)
}


def since_target(schema: Mapping[str, Any]) -> Target | None:
    """Returns the first target that takes what `schema` describes (its `since`); None if all do.

    Raises ValueError if there is no such target.
    """
    if "since" not in schema:
        return None
    found = find_target(str(schema["since"]))
    if isinstance(found, str):
        raise ValueError(f"since: {found}")  # noqa: TRY004  the value is wrong, not its type
    return found


def find_target(name: str) -> Target | str:
    """Returns the target called `name` ("3.0"; "2" and "3" mean the newest of each), or else a
    hint.
    """
    return _BY_NAME.get(name.strip()) or did_you_mean(name, _BY_NAME)
