"""Looks at the SQL of tasks: which tables each reads and writes. Pure; the functions lack it."""
