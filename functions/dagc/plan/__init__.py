"""Says what is to be done: for one DAG id, for some edits, for everything. Pure."""
