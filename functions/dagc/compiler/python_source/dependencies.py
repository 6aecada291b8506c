"""Turns the dependencies of tasks into the few statements that an author would write.

`a >> b >> c` for a path, `a >> [b, c]` for a fan-out, `[b, c] >> d` for a fan-in, joined where one
ends as the next begins (`a >> [b, c] >> d`), and `chain(...)` where that is too long for a line.
Every dependency is printed exactly once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dagc.compiler.python_source.layout import INDENT, WIDTH, layout
from dagc.compiler.python_source.nodes import Call, RawSource

Group = tuple[str, ...]


def dependency_statements(
    upstream: Mapping[str, Sequence[str]], indent: int
) -> tuple[str, set[str]]:
    """The statements for `upstream`: each variable, in topological order, with those it follows;
    and the names that they need imported.
    """
    lines, names = [], set()
    for path in _joined(_hops(upstream)):
        line = " " * indent + " >> ".join(_group_text(group) for group in path)
        if len(line) > WIDTH:
            line = _chain_call(path, indent)
            names.add("chain")
        lines.append(line)
    return "\n".join(lines), names


def teardown_statements(setups: Mapping[str, Sequence[str]], indent: int) -> Iterator[str]:
    """`drop.as_teardown(setups=create)` for each variable in `setups`, which then also follows
    them.
    """
    for teardown, names in setups.items():
        tasks = [RawSource(name) for name in names]
        value = tasks[0] if len(tasks) == 1 else tasks
        call = Call(f"{teardown}.as_teardown", keywords={"setups": value})
        yield f"{' ' * indent}{layout(call, indent)}"


def _hops(upstream: Mapping[str, Sequence[str]]) -> list[tuple[Group, Group]]:
    """Steps from a group to a group, one of them a single task, that cover each dependency once.

    (`[a, b] >> [c, d]` is no Python: lists do not know `>>`.)
    """
    fan_outs: dict[str, list[str]] = defaultdict(list)
    hops: dict[tuple[Group, str], list[str]] = {}
    for task, parents in upstream.items():
        if len(parents) == 1:
            fan_out = fan_outs[parents[0]]
            fan_out.append(task)
            hops[(parents[0],), ""] = fan_out
        elif parents:
            hops[tuple(parents), task] = [task]
    return [(group, tuple(targets)) for (group, _), targets in hops.items()]


def _joined(hops: list[tuple[Group, Group]]) -> list[list[Group]]:
    """Joins hops that meet in the same group into paths, each hop used once."""
    onward: dict[frozenset[str], tuple[Group, Group]] = {}
    for hop in hops:
        onward.setdefault(frozenset(hop[0]), hop)
    reached = {frozenset(target) for _, target in hops}
    paths = []
    for hop in hops:
        source = frozenset(hop[0])
        if source in reached and onward[source] is hop:
            continue
        path = [*hop]
        while step := onward.get(frozenset(path[-1])):
            path.append(step[1])
        paths.append(path)
    return paths


def _group_text(group: Group) -> str:
    return group[0] if len(group) == 1 else f"[{', '.join(group)}]"


def _chain_call(path: list[Group], indent: int) -> str:
    margin = " " * indent
    steps = [
        RawSource(group[0]) if len(group) == 1 else [RawSource(name) for name in group]
        for group in path
    ]
    lines = [f"{margin}    {layout(step, indent + INDENT, 0, 1)}," for step in steps]
    return "\n".join([f"{margin}chain(", *lines, f"{margin})"])
