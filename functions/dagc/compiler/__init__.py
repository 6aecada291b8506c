"""The compiler: rows in, DAG files or diagnostics out. Pure: no AWS, no clock, no environment.

Imports go one way, from the top of this list to the bottom:

    compilation      rows in, artifacts out
    catalog          the template folders, made a toolchain
    rendering        DAG models to Python text
    toolchain        what a file depends on beside the rows
    templating       Jinja templates that never see a value
    analysis         rows to DAG models: references, cycles, duplicates
    rows             what each attribute of a row means
    task_types       the task types that `dag_templates/tasks/` declares
    targets          the Airflow versions
    schema           what a value must be, and what it means
    python_source    Python source text in black's layout
    diagnostics      what is wrong, where, and what to do
"""
