"""The command line, `dagc`."""
