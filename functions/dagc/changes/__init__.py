"""What proposed rows change: which rows, which DAGs, in which way. Pure; `dagc plan` shows it."""
