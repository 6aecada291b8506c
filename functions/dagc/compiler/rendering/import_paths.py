"""Where the names that the job and scheduler templates use come from, for each target.

Each path was loaded in the real Airflow of its target without a deprecation warning. On 2.x, the
images of Amazon MWAA lack the standard provider.
"""

from collections.abc import Mapping

from dagc.compiler.python_source.imports import MODULE
from dagc.compiler.targets import Target

_SDK = "airflow.sdk"


def core_imports(target: Target) -> Mapping[str, str]:
    """The module of each name; `MODULE` for a name that is itself a module."""
    new = target.major >= 3
    operators = "airflow.providers.standard.operators" if new else "airflow.operators"
    interval = _SDK if target >= (3, 2) else "airflow.timetables.interval"
    assets = _SDK if new else "airflow.datasets"
    asset = asset_class(target)
    return {
        "AirflowException": "airflow.exceptions",
        "DAG": _SDK if new else "airflow",
        asset: assets,
        f"{asset}All": assets,
        f"{asset}Any": assets,
        f"{asset}OrTimeSchedule": _asset_timetables(target),
        "CronDataIntervalTimetable": interval,
        "DagModel": "airflow.models",
        "DeltaDataIntervalTimetable": interval,
        "MultipleCronTriggerTimetable": _SDK if target >= (3, 2) else "airflow.timetables.trigger",
        "EmptyOperator": f"{operators}.empty",
        "Param": _SDK if new else "airflow.models.param",
        "TaskGroup": _SDK if new else "airflow.utils.task_group",
        "TriggerDagRunOperator": f"{operators}.trigger_dagrun",
        "asyncio": MODULE,
        "chain": _SDK if new else "airflow.models.baseoperator",
        "iscoroutine": "inspect",
        "isgenerator": "inspect",
        "make_kwargs_callable": "airflow.utils.operator_helpers",
        "pendulum": MODULE,
        "timedelta": "datetime",
    }


def _asset_timetables(target: Target) -> str:
    if target >= (3, 2):
        return _SDK
    return "airflow.timetables.assets" if target.major >= 3 else "airflow.timetables.datasets"


def asset_class(target: Target) -> str:
    """What Airflow calls the class of a data asset."""
    return "Asset" if target.major >= 3 else "Dataset"
