"""A real Airflow on this machine, fed by the local AWS as Amazon MWAA is by yours."""
