"""What dagc itself sets where neither a row nor the deployment's defaults say anything.

`docs/settings.md` shows these values as "unless set". What nobody can set, such as `catchup=False`
of a job, stands in the templates.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

JOB_FALLBACKS: Mapping[str, Any] = {
    "max_active_runs": 1,
    "is_paused_upon_creation": False,
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
}
"""The fallbacks of `job_params`."""

SCHEDULER_FALLBACKS: Mapping[str, Any] = {
    "timezone": "UTC",
    "start_date": datetime(2024, 1, 1),  # noqa: DTZ001  local time: the zone is another setting
    "catchup": False,
    "max_active_runs": 1,
    "poke_interval": timedelta(seconds=30),
}
"""The fallbacks of `schedule_params`."""
