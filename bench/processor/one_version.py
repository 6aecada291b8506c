"""What a version of Airflow takes: each phase with a processor and a database of its own."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bench import workload
from bench.account import Account
from bench.processor.dag_processor import DagProcessor, Workplace
from bench.processor.extrapolation import Span
from bench.processor.generated_files import compiled
from bench.processor.processor_settings import NEVER, OWN, every
from demo.local_aws import LocalAws

AGAIN = 150
"""How many files are parsed a second time, for the price of a parse that finds nothing new."""
CHECKED_FILES, CHECKED_INTERVAL = 60, 60
"""With what the extrapolation is checked."""
SETTLE = 10.0
"""Seconds after which a processor that has just parsed is quiet."""

_SCANNING = Path(__file__).with_name("scanning_dags.py")

Found = Callable[[str, Span | dict[str, float]], None]
"""Told each figure, by its name, when it is there."""


def loop_alone(place: Workplace, seconds: float, found: Found) -> None:
    """The loop of a processor without any file."""
    with place.processor(NEVER, {}) as processor:
        last = -1.0
        while processor.cpu() - last > 0.3:  # until its start is paid
            last = processor.cpu()
            time.sleep(SETTLE)
        found("loop 0", observe(processor, seconds))


def with_files(place: Workplace, files: int, seconds: float, found: Found, *, edits: bool) -> None:
    """The first pass over so many files, the loop with them, and, if told so, edits of them."""
    texts = compiled(files, place.airflow)
    with place.processor(NEVER, texts) as processor:
        began, since = time.monotonic(), processor.now()
        processor.wait(files, since)
        time.sleep(SETTLE)
        found(f"first {files}", Span(time.monotonic() - began, processor.cpu(), files))
        found(f"loop {files}", observe(processor, seconds))
        if edits:
            found("waits", _waits(processor, texts))
            found("again", _again(processor))


def checked(place: Workplace, seconds: float, found: Found) -> None:
    """A while with files that are due again after a minute: to check what is extrapolated."""
    texts = dict(list(compiled(CHECKED_FILES, place.airflow).items()))
    with place.processor(every(CHECKED_INTERVAL), texts) as processor:
        processor.wait(CHECKED_FILES, processor.now())
        found("check", observe(processor, seconds))


def scanning(place: Workplace, aws: LocalAws, rows: int, seconds: float, found: Found) -> None:
    """The way of before, at Airflow's own intervals: one file, whose parse makes all DAGs."""
    account = Account(aws, f"scanned-{place.airflow.replace('.', '-')}-{rows}")
    table = workload.warehouse(rows)
    account.put("task", table.tasks)
    account.put("job", table.jobs)
    account.put("scheduler", table.schedulers)
    texts = {"scanning_dags": _SCANNING.read_text(encoding="utf-8")}
    with place.processor(OWN, texts, account.variables) as processor:
        processor.wait(rows, processor.now())
        time.sleep(SETTLE)
        seen = observe(processor, seconds)
    found(f"scanning {rows}", seen._replace(parses=round(seen.parses / rows)))


def observe(processor: DagProcessor, seconds: float) -> Span:
    """What it does in the next so many seconds."""
    began, cpu, known = time.monotonic(), processor.cpu(), processor.parses()
    parses = 0
    while (passed := time.monotonic() - began) < seconds:
        time.sleep(min(2.0, seconds - passed))
        now = processor.parses()
        parses += sum(known.get(name) != parsed for name, parsed in now.items())
        known = now
    return Span(time.monotonic() - began, processor.cpu() - cpu, parses)


def _again(processor: DagProcessor) -> Span:
    """Files once more, as their interval would bring them: each looks changed, and is not."""
    files = sorted(processor.folder.glob("*.py"))[:AGAIN]
    began, cpu, since = time.monotonic(), processor.cpu(), processor.now()
    for file in files:
        os.utime(file)
    processor.wait(len(files), since)
    time.sleep(SETTLE)
    return Span(time.monotonic() - began, processor.cpu() - cpu, len(files))


def _waits(processor: DagProcessor, texts: dict[str, str]) -> dict[str, float]:
    """Seconds until an edited, a new and a removed file is seen."""
    changed, template = sorted(texts)[:2]
    file = processor.folder / f"{changed}.py"
    since: datetime = processor.now()
    file.write_text(texts[changed].replace("Loads the sales", "Loads all sales"))
    waits = {"changed": processor.wait(1, since)}
    since = processor.now()
    new = texts[template].replace(template, f"{template}_new")
    (processor.folder / f"{template}_new.py").write_text(new)
    waits["new"] = processor.wait(1, since)
    file.unlink()
    waits["removed"] = processor.wait_until_gone(changed)
    return waits
