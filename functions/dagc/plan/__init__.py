"""Decides, for one DAG id, what its file and its row in `mwaa_dag` should be. Pure."""
