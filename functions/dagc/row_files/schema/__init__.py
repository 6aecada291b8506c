"""Describes the files of rows in JSON Schema."""
