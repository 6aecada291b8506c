"""Compiles a few rows in memory."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.targets import DEFAULT, TARGETS, Target, find_target
from dagc.compiler.toolchain import Toolchain

Item = dict[str, Any]
ALL_TARGETS = TARGETS


@cache
def toolchain(
    target: Target | None = None,
    environment: str = "",
    team: Path | None = None,
    *,
    has_runtime: bool = True,
) -> Toolchain:
    """The built-in toolchain, or that of a team's folder."""
    found = target or find_target(DEFAULT)
    assert isinstance(found, Target)
    result, diagnostics = load_toolchain(found, environment, team, has_runtime=has_runtime)
    assert result is not None, diagnostics
    return result


def compile_items(
    tasks: Iterable[Item] = (),
    jobs: Iterable[Item] = (),
    schedulers: Iterable[Item] = (),
    tools: Toolchain | None = None,
) -> list[Dag]:
    """The DAGs of all rows. Raises what the compiler itself raises."""
    tools = tools or toolchain()
    dags = list(compile_rows(read_rows(tasks, jobs, schedulers, tools), tools))
    for bug in (dag.bug for dag in dags if dag.bug):
        raise bug
    return dags


def codes(dags: Iterable[Dag]) -> list[str]:
    """The codes of all diagnostics, in order."""
    return [str(diagnostic.code) for dag in dags for diagnostic in dag.diagnostics]
