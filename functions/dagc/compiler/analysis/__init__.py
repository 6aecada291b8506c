"""From rows to DAG models: references, merged parameters, order, cycles, duplicates."""
