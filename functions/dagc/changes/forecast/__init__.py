"""What becomes of every DAG when rows change, as the function would decide it."""
