"""Parameter schemas: what a value must be, and what it means."""
