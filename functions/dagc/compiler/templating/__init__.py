"""Jinja templates that never see a value.

Each `{{ … }}` prints a numbered mark in the place of its value (`environment.py`), so that a
template's text and the rows' data stay apart until `rendering` fills in the literals. And because
the text rarely depends on the values, it is printed once, with holes (`holes.py`), and remembered.
"""
