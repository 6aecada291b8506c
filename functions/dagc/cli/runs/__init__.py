"""`dagc runs`: what Airflow ran, as its plugin recorded it (docs/run-history.md)."""
