"""Finds what the task `end` has to follow, so that no failure is hidden.

Airflow judges a run by its last tasks alone: one that runs after a failure, and succeeds, makes the
run a success ("DAG Run Status" in its documentation). So does one that is skipped before a failure:
a branch skips what it does not choose, and all_success skips a task as soon as one that it follows
is skipped (by a branch, or by itself: a sensor with soft_fail), while another one still runs
(`TriggerRuleDep`).
"""

from collections.abc import Collection, Mapping, Sequence

from dagc.compiler.task_types import ALL, ITSELF

PASSED_ON = frozenset({"all_success", "none_failed", "none_failed_min_one_success"})
"""The trigger rules under which a task is `upstream_failed` where one before it failed."""

_SKIPPING = frozenset({"all_failed", "all_skipped", "one_failed"})
"""The trigger rules under which a task is skipped where all before it succeeded."""

Upstream = Mapping[str, Sequence[str]]
"""What each task follows; in topological order."""
_ALL_SUCCESS = "all_success"


def may_hide_failures(
    upstream: Upstream, rules: Mapping[str, str], skips: Mapping[str, str] | None = None
) -> bool:
    """Whether a task may run, or be skipped, though one that it follows failed.

    `rules` are the trigger rules that are set, by task; `skips` says what tasks may skip.
    """
    return any(_hiding(upstream, rules, skips or {}).values())


def last_tasks(
    upstream: Upstream, rules: Mapping[str, str], skips: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The tasks to wait for, in the order of `upstream`: then a failure of any task shows in one.

    They are those that nothing follows, and those before a task that may hide their failure. A
    failed task is one of these, or the next one after it is `upstream_failed`, and so on to the
    last. A task that skips what comes after it would skip the one that waits, too: that follows
    either none of what comes after it, or that alone. The other tasks that nothing follows show
    their failures themselves.
    """
    followed = {parent for parents in upstream.values() for parent in parents}
    hidden = _hidden(upstream, rules, skips or {})
    last = [task for task in upstream if task in hidden or task not in followed]
    for task in _gates(hidden, skips or {}):
        gated = {task, *followers(upstream, task)}
        if hidden.isdisjoint(gated):
            last = [it for it in last if it not in gated]
        elif hidden <= gated:
            last = [it for it in last if it in gated]
    return tuple(last)


def gate_before_end(
    upstream: Upstream, rules: Mapping[str, str], skips: Mapping[str, str]
) -> str | None:
    """The task that may skip the one that waits, and so hides the failure of a task that is not
    after it; None for none.
    """
    hidden = _hidden(upstream, rules, skips)
    for task in _gates(hidden, skips):
        gated = {task, *followers(upstream, task)}
        if hidden & gated and hidden - gated:
            return task
    return None


def followers(upstream: Upstream, task: str) -> set[str]:
    """All that comes after `task`."""
    found: set[str] = set()
    for other, parents in upstream.items():
        if task in parents or not found.isdisjoint(parents):
            found.add(other)
    return found


def _gates(hidden: Collection[str], skips: Mapping[str, str]) -> list[str]:
    """The tasks that may skip what follows the `hidden` ones."""
    return [
        task for task, what in skips.items() if what == ALL or (task in hidden and what != ITSELF)
    ]


def _hidden(upstream: Upstream, rules: Mapping[str, str], skips: Mapping[str, str]) -> set[str]:
    """The tasks whose failure may not show in one that follows them."""
    hiding = _hiding(upstream, rules, skips)
    hidden = {parent for parents in hiding.values() for parent in parents}
    shown = {parent for task in upstream.keys() - hiding.keys() for parent in upstream[task]}
    return hidden - (shown & skips.keys())


def _hiding(
    upstream: Upstream, rules: Mapping[str, str], skips: Mapping[str, str]
) -> dict[str, set[str]]:
    """The tasks that do not pass a failure on, and those before them whose failure that is."""
    found = {
        task: set(upstream[task])
        for task in upstream
        if rules.get(task, _ALL_SUCCESS) not in PASSED_ON
    }
    by_rule = {task: ITSELF for task, rule in rules.items() if rule in _SKIPPING}
    others = upstream.keys() - found.keys()
    for skipping, what in {**by_rule, **skips}.items():
        after = followers(upstream, skipping)
        for task in after & others:
            beside = _beside(task, upstream[task], skipping, after, rules, everything=what == ALL)
            if beside:
                found.setdefault(task, set()).update(beside)
    return found


def _beside(
    task: str,
    parents: Sequence[str],
    skipping: str,
    after: Collection[str],
    rules: Mapping[str, str],
    *,
    everything: bool,
) -> list[str]:
    """Those of the `parents` of `task`, which comes `after` the task `skipping`, that may still run
    when it is skipped. `everything` is whether that task skips all that comes after it.
    """
    others = [parent for parent in parents if parent != skipping]
    rule = {parent: rules.get(parent, _ALL_SUCCESS) for parent in others}
    if everything:
        return [it for it in others if it not in after or rule[it] not in PASSED_ON]
    if rules.get(task, _ALL_SUCCESS) == _ALL_SUCCESS and len(others) > 1:
        return others
    if skipping in parents:
        return [it for it in others if it not in after or rule[it] != _ALL_SUCCESS]
    return []
