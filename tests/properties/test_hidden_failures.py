"""A run with a task that failed is never green, whatever the tasks' trigger rules are."""

from collections.abc import Sequence
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from dagc.compiler.analysis.hidden_failures import (
    followers,
    gate_before_end,
    last_tasks,
    may_hide_failures,
)
from dagc.compiler.rows.settings import TRIGGER_RULES
from dagc.compiler.task_types import ALL, FOLLOWERS, ITSELF

Graph = dict[str, list[str]]
OK = {"success", "skipped"}
NEVER_FIRST = sorted({*TRIGGER_RULES} - {"all_failed", "all_skipped", "one_failed"})
"""The rules under which nothing is skipped that follows no skipped task."""
NAMES = [f"t{index}" for index in range(6)]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Upstream by task, in topological order."""
    return {
        name: draw(st.lists(st.sampled_from(NAMES[:index]), unique=True)) if index else []
        for index, name in enumerate(NAMES)
    }


@given(
    graphs(),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TRIGGER_RULES)),
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
)
@example({"a": [], "b": ["a"]}, {"b": "all_done"}, {"a"}, set())
def test_a_failure_shows(
    upstream: Graph, rules: dict[str, str], failing: set[str], skipping: set[str]
) -> None:
    rules = {task: rule for task, rule in rules.items() if task in upstream}
    if may_hide_failures(upstream, rules):
        upstream = {**upstream, "end": list(last_tasks(upstream, rules))}
        rules = {**rules, "end": "none_failed"}
    states = ended(upstream, rules, failing, skipping)
    assert run_failed(upstream, states) == ("failed" in states.values())


@given(
    graphs(),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TRIGGER_RULES)),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([ALL, FOLLOWERS, ITSELF]), max_size=3),
    st.sets(st.sampled_from(NAMES)),
    st.randoms(use_true_random=False),
)
def test_a_failure_beside_what_is_skipped_shows(
    upstream: Graph,
    rules: dict[str, str],
    skips: dict[str, str],
    failing: set[str],
    random: Random,
) -> None:
    # Who branches has branches: without any, it would skip `end`.
    followed = {parent for parents in upstream.values() for parent in parents}
    skips = {task: what for task, what in skips.items() if task in followed or what == ITSELF}
    if gate_before_end(upstream, rules, skips):
        return
    if may_hide_failures(upstream, rules, skips):
        upstream = {**upstream, "end": list(last_tasks(upstream, rules, skips))}
        rules = {**rules, "end": "none_failed"}
    states = skipped_or_ended(upstream, rules, skips, failing, random)
    assert run_failed(upstream, states) == ("failed" in states.values())


@given(graphs(), st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NEVER_FIRST)))
def test_end_follows_no_more_than_it_must(upstream: Graph, rules: dict[str, str]) -> None:
    last = last_tasks(upstream, rules)
    for left_out in last:
        graph = {**upstream, "end": [task for task in last if task != left_out]}
        leaves = {task for task in graph if not any(task in parents for parents in graph.values())}
        hidden = {parent for task in graph for parent in graph[task] if hides(rules.get(task))}
        assert left_out in leaves or left_out in hidden


def hides(rule: str | None) -> bool:
    """Whether a task with this rule can end well after a failure: by what Airflow does."""
    return any(state_after(rule or "all_success", seen) not in FAILED for seen in WITH_A_FAILURE)


FAILED = {"failed", "upstream_failed"}
WITH_A_FAILURE = [["failed"], ["failed", "success"], ["failed", "skipped"], ["upstream_failed"]]


def run_failed(upstream: Graph, states: dict[str, str]) -> bool:
    """Whether Airflow calls the run failed: by its last tasks alone."""
    followed = {parent for parents in upstream.values() for parent in parents}
    return any(states[task] in FAILED for task in upstream if task not in followed)


def ended(
    upstream: Graph, rules: dict[str, str], failing: set[str], skipping: set[str]
) -> dict[str, str]:
    """The state of each task of a run in which these fail and these are skipped, once they run."""
    states: dict[str, str] = {}
    for task, parents in upstream.items():
        state = state_after(rules.get(task, "all_success"), [states[parent] for parent in parents])
        if state == "runs":
            state = "failed" if task in failing else "skipped" if task in skipping else "success"
        states[task] = state
    return states


def skipped_or_ended(
    upstream: Graph,
    rules: dict[str, str],
    skips: dict[str, str],
    failing: set[str],
    random: Random,
) -> dict[str, str]:
    """The state of each task of a run in which tasks skip others, or themselves. Where a task both
    follows a failure and what is skipped, which of them came first is drawn.
    """
    states: dict[str, str] = {}
    forced: set[str] = set()
    for task, parents in upstream.items():
        rule, seen = rules.get(task, "all_success"), [states[parent] for parent in parents]
        state = "skipped" if task in forced else state_after(rule, seen)
        if rule == "all_success" and "skipped" in seen and random.random() < 0.5:
            state = "skipped"
        if state == "runs":
            state = "failed" if task in failing else "success"
            if skips.get(task) == ITSELF and state == "success" and random.random() < 0.5:
                state = "skipped"
        states[task] = state
        if state == "success" and random.random() < 0.7:
            forced |= skipped_by(task, upstream, skips.get(task, ""), random)
    return states


def skipped_by(task: str, upstream: Graph, what: str, random: Random) -> set[str]:
    """What a task of this kind skips: `ShortCircuitOperator`, `SkipMixin.skip_all_except`."""
    if what == ALL:
        return followers(upstream, task)
    if what != FOLLOWERS:
        return set()
    directly = {name for name, parents in upstream.items() if task in parents}
    chosen = {name for name in sorted(directly) if name != "end" and random.random() < 0.5}
    return directly - chosen - {after for it in chosen for after in followers(upstream, it)}


def state_after(rule: str, seen: Sequence[str]) -> str:  # noqa: PLR0911  a table, in effect
    """What becomes of a task whose upstream tasks have ended so: Airflow's `TriggerRuleDep`."""
    if not seen or rule in ("always", "all_done", "one_done", "all_done_setup_success"):
        return "runs"
    failed, skipped = any(state in FAILED for state in seen), "skipped" in seen
    succeeded = "success" in seen
    match rule:
        case "all_success" | "none_failed" | "none_failed_min_one_success" if failed:
            return "upstream_failed"
        case "all_success" if skipped:
            return "skipped"
        case "none_failed_min_one_success" if not succeeded:
            return "skipped"
        case "all_failed" if succeeded or skipped:
            return "skipped"
        case "all_skipped" if succeeded or failed:
            return "skipped"
        case "one_success" if not succeeded:
            return "upstream_failed" if failed else "skipped"
        case "one_failed" if not failed:
            return "skipped"
        case "none_skipped" if skipped:
            return "skipped"
    return "runs"
