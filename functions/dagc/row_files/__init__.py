"""Rows in files: read with the line of each value, written as people keep them in git."""
