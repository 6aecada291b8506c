"""The cold start of the built package: from nothing to the first answer."""

from collections.abc import Iterator

from bench.imports import HANDLER, split
from bench.lambda_runtime import function
from bench.measure import Comparison, Series
from bench.package import EMPTY_HANDLER, USUAL_HANDLER
from bench.place import Place

ROUNDS, SPLITS = 11, 5
_PROBE = "bench.functions.probe.handle"


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons, and where a start goes, by package."""
    variables, runtime = place.variables, place.runtime
    cases = {HANDLER: place.package, USUAL_HANDLER: place.usual, EMPTY_HANDLER: runtime}
    cpu = {module: Series("ms") for module in cases}
    wall = {module: Series("ms") for module in cases}
    for turn in range(-1, place.rounds(ROUNDS)):
        for module, folder in cases.items():
            measured = {**variables, "MEASURED_MODULE": module}
            with function(_PROBE, folder, runtime, measured) as started:
                answer = started.invoke({"Records": []})
            # The first turn fills the machine's file cache.
            if turn >= 0:
                cpu[module].values.append(answer.content["cpu"] * 1000)
                wall[module].values.append(answer.milliseconds)
            place.step("cold starts")
    place.more["imports"] = split(place.package, variables, place.rounds(SPLITS))
    place.step("imports")
    for what, series, target in (("CPU", cpu, "cold-start"), ("time to answer", wall, "")):
        title = f"cold start, {what}"
        ours = series[HANDLER]
        yield Comparison(title, ours, "the usual libraries", series[USUAL_HANDLER], target=target)
        yield Comparison(title, ours, "an empty function", series[EMPTY_HANDLER])
