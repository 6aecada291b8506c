"""AWS in one process, with the concurrency and the faults that a test chooses."""
