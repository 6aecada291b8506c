"""What Airflow gets beside the DAG files: builds and publishes the folder `airflow_runtime/`."""
