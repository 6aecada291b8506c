"""Parameter schemas: they say what a value must be, and what it means."""
