"""The functions that the PYTHON tasks of `examples/` call."""
