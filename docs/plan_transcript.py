"""What `dagc plan` prints of three edits of the example's rows: for README and docs/plan.md."""

import shutil
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from dagc.changes.kinds.task_arguments import taken_arguments
from dagc.cli.compiled_rows import required_toolchain
from dagc.cli.indented_lines import WIDTH
from dagc.cli.plan_text.plan_as_text import print_plan
from dagc.cli.planning import plan_between_folders, with_sql
from dagc.cli.proposal import proposed_rows

TEAM = Path(__file__).parents[1] / "examples"
EDITS = {
    "mwaa_task.yaml": (
        "FROM mart.daily_sales\n        WHERE sale_date BETWEEN DATE '{{ macros.ds_add(ds, -2)",
        "FROM mart.daily_sales\n        WHERE sale_date BETWEEN DATE '{{ macros.ds_add(ds, -7)",
    ),
    "mwaa_job.yaml": ('"101": {retries: 0}', '"101": {retries: 3}'),
    "mwaa_scheduler.yaml": (
        'schedule_interval: "@daily"\n    timezone: Europe/Berlin',
        'schedule_interval: "30 4 * * *"\n    timezone: Europe/Berlin',
    ),
}
"""Of each table one: an old text, which stands once in the file, and the new one."""
NOW = datetime(2026, 3, 26, 9, tzinfo=UTC)


@cache
def transcript() -> str:
    """The plan, as printed without a terminal at NOW."""
    printed = StringIO()
    with TemporaryDirectory() as folder:
        rows = Path(folder) / "rows"
        shutil.copytree(TEAM / "rows", rows)
        edit(rows)
        tools = required_toolchain("3.0", "dev", TEAM, has_runtime=True)
        old, new = proposed_rows(TEAM / "rows", [], []), proposed_rows(rows, [], [])
        planned = with_sql(plan_between_folders(old, new, tools, NOW))
        print_plan(
            Console(file=printed, width=WIDTH, highlight=False),
            planned.plan,
            now=NOW,
            full=False,
            place_of=lambda _: None,
            taken=taken_arguments(tools),
            sql=planned.sql,
        )
    return "\n".join(line.rstrip() for line in printed.getvalue().splitlines())


def edit(rows: Path) -> None:
    """Makes the edits in a folder of the example's rows."""
    for name, (old, new) in EDITS.items():
        file = rows / name
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{name} has {old!r} {text.count(old)} times")
        file.write_text(text.replace(old, new), encoding="utf-8")
