"""Where a setting of a DAG stands that has a problem: in its row, or in the defaults."""

from dagc.compiler.diagnostics import Diagnostic, Problem, RowKey
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.defaults import FILE as DEFAULTS_FILE
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow

SETTINGS = {JobRow: "job_params", SchedulerRow: "schedule_params"}
"""By the kind of row, the attribute that holds the DAG's settings."""


def where_it_is_set(problem: Problem, setting: str, row: DagRow) -> Diagnostic:
    """Returns the diagnostic of `problem` at the `setting`, in the `row` or the defaults that set
    it. The problem's path is that inside the setting.
    """
    attribute = SETTINGS[type(row)]
    if setting in row.params:
        return problem.inside(setting, *problem.path).at(row.row, attribute)
    return problem.inside(attribute, setting, *problem.path).at(RowKey(DEFAULTS_FILE, ()), "")
