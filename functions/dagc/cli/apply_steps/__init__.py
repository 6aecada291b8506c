"""The steps of `dagc apply`: asks, checks, writes, waits, reports."""
