"""The cold start of the built package: from nothing to the first answer."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.lambda_runtime import function
from bench.measure import Bound, Comparison, Series
from bench.package import EMPTY_HANDLER, USUAL_HANDLER

HANDLER = "dagc.handlers.stream"
ROUNDS = 11
_PROBE = "bench.functions.probe.handle"


def measure(
    package: Path,
    usual: Path,
    runtime: Path,
    variables: Mapping[str, str],
    step: Callable[[str], None],
) -> Iterator[Comparison]:
    """The comparisons; `step` is told each start."""
    cases = {HANDLER: package, USUAL_HANDLER: usual, EMPTY_HANDLER: runtime}
    cpu = {module: Series("ms") for module in cases}
    wall = {module: Series("ms") for module in cases}
    for turn in range(-1, ROUNDS):
        for module, folder in cases.items():
            measured = {**variables, "MEASURED_MODULE": module}
            with function(_PROBE, folder, runtime, measured) as started:
                answer = started.invoke({"Records": []})
            # The first turn fills the machine's file cache.
            if turn >= 0:
                cpu[module].values.append(answer.content["cpu"] * 1000)
                wall[module].values.append(answer.milliseconds)
            step("cold starts")
    for what, series, bound in (("CPU", cpu, Bound(0.6)), ("time to answer", wall, Bound(0.6))):
        title = f"cold start, {what}"
        ours = series[HANDLER]
        yield Comparison(title, ours, "the usual libraries", series[USUAL_HANDLER], bound=bound)
        yield Comparison(title, ours, "an empty function", series[EMPTY_HANDLER])
