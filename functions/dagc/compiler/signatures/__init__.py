"""What the operators of each target take: the catalogue of Airflow's own and its providers'."""
