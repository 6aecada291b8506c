"""The task `end`, which fails a run where a failure would not show otherwise, and updates the asset
that a job is.
"""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.analysis.models import JobModel, SchedulerModel
from dagc.compiler.python_source.nodes import Keywords, RawSource
from dagc.compiler.rendering.assets import assets
from dagc.compiler.rendering.dag_file import DagFile
from dagc.compiler.targets import Target

END_TEMPLATE = "end.py.jinja"


def end_task(
    file: DagFile, dag: JobModel | SchedulerModel, variables: Mapping[str, str], target: Target
) -> tuple[str, str, list[str]]:
    """The variable of `end`, its statement, and the variables that it follows. `variables` are
    those of the other tasks, by task id; `end` is called otherwise where a task or a group has that
    id.

    Where the DAG's tasks wait for their own success in the run before, `end` does not: after a run
    whose failed task somebody marked as a success, it would wait for ever.
    """
    groups = dag.groups.values() if isinstance(dag, JobModel) else ()
    taken = {*variables, *(group.group_id for group in groups)}
    task_id = "end"
    while task_id in taken:
        task_id += "_"
    variable = file.namespace.variable(task_id)
    settings: dict[str, Any] = {}
    asset = dag.asset if isinstance(dag, JobModel) else ""
    if asset:
        settings["outlets"] = assets([asset], target)
    if dag.default_args.get("depends_on_past"):
        settings["depends_on_past"] = False
    statement = file.print(
        END_TEMPLATE,
        values={
            "variable": RawSource(variable),
            "task_id": task_id,
            "settings": Keywords(settings),
        },
        given={},
        fixed={
            "is_asset": bool(asset),
            "starts_jobs": isinstance(dag, SchedulerModel),
            "all_wait": isinstance(dag, JobModel) or all(it.waits for it in dag.triggers),
        },
        owner=variable,
    )
    return variable, statement, [variables[last] for last in dag.last]
