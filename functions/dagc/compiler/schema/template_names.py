"""What the texts that Airflow renders may use, as it was listed from the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dagc.compiler.schema.template_text import Kind, Use, read_template
from dagc.compiler.targets import TARGETS, Target

Recorded = Mapping[str, Mapping[str, str]]
"""By target and kind (`filters`, `tests`, `globals`, `names`, `undated`, `macros`, `var`), names in
one text: the content of `dag_templates/template_names.json`.
"""


@dataclass(frozen=True, slots=True, eq=False)
class TemplateNames:
    """What texts may use in one target. `members` are those of the names whose members are known.
    `recorded` holds the names of all targets, for hints.
    """

    target: Target
    filters: frozenset[str]
    tests: frozenset[str]
    names: frozenset[str]
    members: Mapping[str, frozenset[str]]
    recorded: Recorded

    def first_target(self, name: str) -> Target | None:
        """Returns the first target whose texts know `name`, or None."""
        return next((target for target in TARGETS if self._knows(target, name)), None)

    def last_target(self, name: str) -> Target | None:
        """Returns the last target whose texts know `name`, or None."""
        return next((target for target in TARGETS[::-1] if self._knows(target, name)), None)

    def _knows(self, target: Target, name: str) -> bool:
        return name in self.recorded[str(target)]["names"].split()

    def knows(self, use: Use) -> bool:
        """Says whether what is used is there, whatever the row, the deployment or a run says."""
        if use.kind is Kind.TASK:
            return False
        if use.kind is not Kind.NAME:
            return use.path[0] in (self.filters if use.kind is Kind.FILTER else self.tests)
        name, *members = use.path
        if name not in self.names:
            return False
        return not members or (name != "params" and members[0] in self.members.get(name, members))


@lru_cache(maxsize=4096)
def doubtful_uses(text: str, names: TemplateNames) -> tuple[Use, ...]:
    """Returns what `text` uses and `names` do not know; nothing if it is no Jinja."""
    return tuple(use for use in read_template(text).uses if not names.knows(use))


def template_names(recorded: Recorded, target: Target) -> TemplateNames:
    """Returns what texts may use in `target`."""
    found = {kind: frozenset(names.split()) for kind, names in recorded[str(target)].items()}
    return TemplateNames(
        target,
        found["filters"],
        found["tests"],
        found["names"] | found["globals"],
        {name: found[name] for name in ("macros", "var")},
        recorded,
    )
