"""Circles of schedulers that assets start: what a run starts updates what starts the next run.

A circle of one scheduler is in its row and those of its jobs, and found by each compile. One over
several schedulers only those see who see all rows: the command line.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from dagc.compiler.analysis.asset_starts import SETTING as STARTS
from dagc.compiler.analysis.asset_starts import asset_starts
from dagc.compiler.analysis.external_waits import AllDags
from dagc.compiler.analysis.job_assets import asset_of
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.analysis.topological_order import order_or_cycles
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.asset_formats import job_asset_uri
from dagc.compiler.schema.layers import merged

_OUTLETS = "outlets"
_WAITS_FOR_ITSELF = "it waits for a run of its own"
_ENDLESS = "each run would be followed by another one"


class _Update(NamedTuple):
    """A job that updates an asset: itself, or a task of it, which may be skipped."""

    job: JobRow
    task: str = ""


class _Link(NamedTuple):
    """How a scheduler leads to another one: by `job`, which updates what stands at `path`."""

    job: str
    uri: str
    path: JsonPath


def own_circles(
    scheduler: SchedulerRow,
    jobs: Mapping[str, Sequence[JobRow]],
    settings: Settings,
    defaults: Defaults,
) -> Iterator[Diagnostic]:
    """Returns which of the assets that start `scheduler`, by its merged `settings`, one of its
    `jobs` is (an error), or a task of one updates (a warning).
    """
    starts = list(asset_starts(settings))
    if not starts:
        return
    jobs_of_it = [job for job_id in scheduler.jobs for job in jobs.get(job_id, ())]
    by_id = {_same(job_asset_uri(job.job_id)): _Update(job) for job in jobs_of_it}
    updated = {**_updates(jobs_of_it, defaults.job_params), **by_id}
    then = _ENDLESS if _start(starts, updated) else _WAITS_FOR_ITSELF
    for path, uri in starts:
        if update := updated.get(_same(uri)):
            yield where_it_is_set(_own_circle(update, then, path), STARTS, scheduler)


def asset_circles(dags: AllDags) -> Iterator[tuple[list[str], Diagnostic]]:
    """A warning for each circle over several enabled schedulers, with their DAG ids. It reads the
    rows alone, and what is set in defaults.yaml is passed over.
    """
    started = {
        row.dag_id: row
        for rows in dags.claims.values()
        for row in rows
        if isinstance(row, SchedulerRow) and row.enabled and row.dag_id and row.params.get(STARTS)
    }
    if len(started) < 2:
        return
    updates = _updates_by_scheduler(started, dags)
    links = _links(started, updates)
    upstream: dict[str, list[str]] = {}
    for before, after in links:
        upstream.setdefault(after, []).append(before)
    circles = order_or_cycles(started, upstream)[1]
    endless = _endless(started, updates) if circles else ()
    for circle in circles:
        yield circle, _circle(circle, started[circle[0]], links, endless)


def _own_circle(update: _Update, then: str, path: JsonPath) -> Problem:
    job_id = update.job.job_id
    hint = "Let another scheduler start the job, or something else this one."
    if not update.task:
        message = f"the scheduler starts the job {job_id!r}, which starts the scheduler: {then}"
        return Problem(Code.CYCLE, message, hint, path)
    then += ", unless that task is skipped" if then == _ENDLESS else ""
    message = (
        f"the scheduler starts the job {job_id!r}, whose task {update.task!r} starts the "
        f"scheduler: {then}"
    )
    return Problem(Code.CYCLE, message, hint, path, Severity.WARNING)


def _circle(
    circle: Sequence[str],
    first: SchedulerRow,
    links: Mapping[tuple[str, str], _Link],
    endless: Collection[str],
) -> Diagnostic:
    """The warning of a circle of DAG ids, at the asset that starts its `first` scheduler."""
    pairs = list(pairwise([*circle, circle[0]]))
    steps = [f"{before} → {links[before, after].job}" for before, after in pairs]
    steps = [f"{step} ({links[pair].uri})" for step, pair in zip(steps, pairs, strict=True)]
    then = (
        f"{_ENDLESS}, as long as these assets are updated"
        if set(endless).issuperset(circle)
        else "each starts the next one, together with other assets"
    )
    problem = Problem(
        Code.CYCLE,
        f"a circle: {' → '.join(steps)} → {circle[0]}: {then}",
        "Let something else start one of these schedulers, or another one its job.",
        links[pairs[-1]].path,
        Severity.WARNING,
    )
    return where_it_is_set(problem, STARTS, first)


def _updates(jobs: Iterable[JobRow], defaults: Settings) -> dict[str, _Update]:
    """The assets that `jobs` update, as the rows and the `defaults` of job_params say."""
    updated: dict[str, _Update] = {}
    for job in jobs:
        if asset := asset_of(job, merged(defaults, job.params)):
            updated[_same(asset)] = _Update(job)
        for task_id, config in job.task_configs.items():
            outlets = config.settings.get(_OUTLETS)
            for uri in outlets if isinstance(outlets, list) else ():
                updated.setdefault(_same(uri), _Update(job, task_id))
    return updated


def _updates_by_scheduler(
    started: Mapping[str, SchedulerRow], dags: AllDags
) -> dict[str, dict[str, _Update]]:
    """What the enabled jobs of each scheduler update."""
    updates = {}
    for dag_id, row in started.items():
        jobs = (job for job_id in row.job_rows for job in dags.jobs.get(job_id, ()))
        updates[dag_id] = _updates((job for job in jobs if job.enabled and job.dag_id), {})
    return updates


def _links(
    started: Mapping[str, SchedulerRow], updates: Mapping[str, Mapping[str, _Update]]
) -> dict[tuple[str, str], _Link]:
    """How schedulers lead to others, by the pair of their DAG ids."""
    updaters: dict[str, list[str]] = {}
    for dag_id, updated in updates.items():
        for uri in updated:
            updaters.setdefault(uri, []).append(dag_id)
    links: dict[tuple[str, str], _Link] = {}
    for after, row in started.items():
        for path, uri in asset_starts(row.params):
            if _same(uri) in updates[after]:
                continue  # its own compile says so
            for before in updaters.get(_same(uri), ()):
                job = updates[before][_same(uri)].job
                links.setdefault((before, after), _Link(job.dag_id, uri, path))
    return links


def _endless(
    started: Mapping[str, SchedulerRow], updates: Mapping[str, Mapping[str, _Update]]
) -> Collection[str]:
    """The schedulers that start one another for ever, once they run, with nobody else's updates."""
    running = set(started)
    while True:
        updated = {uri for dag_id in running for uri in updates[dag_id]}
        left = {it for it in running if _start(asset_starts(started[it].params), updated)}
        if left == running:
            return running
        running = left


def _start(starts: Iterable[tuple[JsonPath, str]], updated: Collection[str]) -> bool:
    """Whether updates of these assets alone start what waits for `starts`: all in a list, and all
    of `all` and one of `any` in an object.
    """
    found: dict[bool, list[bool]] = {True: [], False: []}
    for path, uri in starts:
        found[path[0] == "any"].append(_same(uri) in updated)
    return all(found[False]) and (any(found[True]) or not found[True])


def _same(uri: str) -> str:
    """The same text for all URIs that are one asset: Airflow drops what is after a `#`, and the
    slashes at the end (`_sanitize_uri` of its assets).
    """
    return uri.partition("#")[0].rstrip("/")
