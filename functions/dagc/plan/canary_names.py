"""Names what a canary writes into a deployed stack, to see whether it compiles. Pure."""

NAME = "dagc_canary"
"""All that the canary writes has this name, and nothing else may have it."""
JOB_DAG, SCHEDULER_DAG = f"job-{NAME}", f"schedule-{NAME}"
DAGS = (JOB_DAG, SCHEDULER_DAG)
