"""From DAG models to Python text.

A template never sees a value: each `{{ … }}` prints a numbered mark (`environment.py`), and the
marks are then filled with literals in black's layout (`fill.py`). So no text of a row can become
code, whatever a template does with it, and the finished file is checked once more (`verify.py`).
"""
