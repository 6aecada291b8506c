"""What to do where a task of a job has to come after another one, and does not."""

from dagc.compiler.analysis.reachability import reachable
from dagc.compiler.rows.job_row import JobRow


def dependency_hint(job: JobRow, task_id: str, *, after: str) -> str:
    """Returns what to do where `task_id` has to come after the task `after`: add the dependency,
    unless that makes a circle.
    """
    if task_id == after:
        return "Name another task: this one does not come after itself."
    if task_id in reachable([after], job.upstream):
        return "Name another task, or turn the dependencies round, which say the opposite."
    entry = f'{{"task_id": "{task_id}", "pid": "{after}"}}'
    return f"Add {entry} to the job's job_task_dependencies."
