"""The row language: what each attribute of the three tables means."""
