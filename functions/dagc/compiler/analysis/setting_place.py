"""Where a setting of a scheduler stands that has a problem: in its row, or in the defaults."""

from dagc.compiler.diagnostics import Diagnostic, Problem, RowKey
from dagc.compiler.rows.defaults import FILE as DEFAULTS_FILE
from dagc.compiler.rows.scheduler_row import SchedulerRow


def where_it_is_set(problem: Problem, setting: str, scheduler: SchedulerRow) -> Diagnostic:
    """Returns the diagnostic of `problem` at the `setting`, in the row or the defaults that set
    it. The problem's path is that inside the setting.
    """
    if setting in scheduler.params:
        return problem.inside(setting, *problem.path).at(scheduler.row, "schedule_params")
    return problem.inside("schedule_params", setting, *problem.path).at(
        RowKey(DEFAULTS_FILE, ()), ""
    )
