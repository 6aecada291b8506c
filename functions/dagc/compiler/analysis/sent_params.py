"""Which params the runs of a job get from whoever starts them: Airflow lays a run's `conf` over the
`params` of its DAG (`dag_run_conf_overrides_params`, which is on unless somebody turns it off).
"""

from collections.abc import Iterable

from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.layers import merged


def sent_params(rows: Iterable[DagRow], defaults: Defaults) -> dict[str, frozenset[str]]:
    """Returns the names in the `conf` of a job's runs, by the job's id: those that each enabled
    scheduler among `rows` sends which starts the job. Only who sees all rows can know.
    """
    sent: dict[str, frozenset[str]] = {}
    for row in rows:
        if not row.enabled or not isinstance(row, SchedulerRow):
            continue
        shared = merged(defaults.schedule_params, row.params)
        for member in row.jobs:
            job_id, config = row.row_id(member), row.job_configs.get(member)
            settings = merged(shared, config.settings) if config else shared
            conf = settings.get("conf", {})
            if isinstance(conf, dict):  # otherwise the scheduler is in error
                sent[job_id] = sent.get(job_id, frozenset(conf)) & conf.keys()
    return sent
