"""Makes DAG models of rows: resolves references, merges parameters, orders, finds mistakes."""
