"""From DAG models to Python text: templates, filled with literals in black's layout."""
