"""Loads the template folders: task types, templates and defaults, as sources or precompiled."""
