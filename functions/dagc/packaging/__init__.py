"""Finishes a built Lambda package, at build time: `python -m dagc.packaging FOLDER`."""
