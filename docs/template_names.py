"""Makes the page on what texts may use, of what was recorded of the real Airflows."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from dagc.compiler.analysis.template_successors import OF_A_JOB, OF_A_SCHEDULER
from dagc.compiler.catalog.sources import NAMES_FILE, built_in_templates
from dagc.compiler.schema.template_names import TemplateNames, template_names
from dagc.compiler.targets import TARGETS, Target

_AIRFLOWS_FILTERS = ("ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz")
_DOCUMENTED_MACROS = (
    "datetime", "timedelta", "dateutil", "time", "uuid", "random", "json", "yaml", "ds_add",
    "ds_format", "ds_format_locale", "datetime_diff_for_humans",
)  # fmt: skip
"""Those that Airflow's documentation has, and two more; its module holds some that it imports."""


def templates_page(folder: Path) -> str:
    """The text of the page, below the introduction in `folder`."""
    intro = (folder / "templates.intro.md").read_text("utf-8")
    return "\n\n".join([intro.rstrip(), *_sections()]) + "\n"


def _sections() -> Iterator[str]:
    recorded = json.loads((built_in_templates() / NAMES_FILE).read_text("utf-8"))
    known = [template_names(recorded, target) for target in TARGETS]
    yield "## Names"
    yield _names_by_targets(known)
    undated = sorted(recorded[str(TARGETS[-1])]["undated"].split())
    yield (
        "In Airflow 3, a run that somebody starts without a logical date lacks "
        f"{_listed(undated)}. It has `dag_run.run_after`. (The runs that schedulers start have a "
        "logical date.) `asset_state_store` is there for a task with `outlets`."
    )
    yield "In `on_failure` also `exception`, for a task, and `reason`, for a run."
    yield "## What Airflow 3 dropped"
    yield _successors(known)
    yield "## Filters, tests and macros"
    yield _filters_and_macros(known)


def _names_by_targets(known: Sequence[TemplateNames]) -> str:
    everything = sorted(set().union(*(each.names for each in known)))
    groups: dict[tuple[Target, ...], list[str]] = {}
    for name in everything:
        targets = tuple(each.target for each in known if name in each.names)
        groups.setdefault(targets, []).append(name)
    rows = [f"| {_span(targets)} | {_listed(groups[targets])} |" for targets in sorted(groups)]
    return "\n".join(["| Airflow | names |", "|---|---|", *rows])


def _successors(known: Sequence[TemplateNames]) -> str:
    gone = sorted(known[0].names - known[-1].names)
    rows = [
        f"| `{name}` | {_code(OF_A_JOB.get(name))} | {_code(OF_A_SCHEDULER.get(name))} |"
        for name in gone
    ]
    head = "| name | in the texts of a job | in those of a scheduler |"
    return "\n".join([head, "|---|---|---|", *rows])


def _filters_and_macros(known: Sequence[TemplateNames]) -> str:
    for each in known:
        assert each.filters >= {*_AIRFLOWS_FILTERS}
        assert each.members["macros"] >= {*_DOCUMENTED_MACROS}
        assert (each.filters, each.tests) == (known[0].filters, known[0].tests)
    rest = sorted(known[0].filters - {*_AIRFLOWS_FILTERS})
    tests = sorted(name for name in known[0].tests if name.isidentifier())
    return (
        f"The same in all versions. Airflow's filters: {_listed(_AIRFLOWS_FILTERS)}. "
        f"Jinja's: {_listed(rest)}.\n\n"
        f"Tests: {_listed(tests)}.\n\n"
        f"Macros: {_listed([f'macros.{name}' for name in _DOCUMENTED_MACROS])}."
    )


def _span(targets: Sequence[Target]) -> str:
    if len(targets) == len(TARGETS):
        return "all"
    if targets[-1] == TARGETS[-1]:
        return f"{targets[0]} and later" if len(targets) > 1 else str(targets[0])
    return ", ".join(map(str, targets))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _code(text: str | None) -> str:
    escaped = (text or "").replace("|", "\\|")
    return f"`{escaped}`" if escaped else "–"
