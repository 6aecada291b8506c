"""Reads rows from files, and says where each value stands."""
