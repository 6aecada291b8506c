"""Compiles rows of three DynamoDB tables into static Airflow DAG files.

Imports go one way, from the top of this list to the bottom:

    handlers, cli    what AWS Lambda and people start; packaging: what `sam build` starts
    wiring           builds the parts from an environment
    convergence      makes the files what the rows say, beside others that do: the protocol
    aws              tables, bucket, streams, queue and event bus, one request at a time
    reconcile        what one DAG's file and record should be (pure)
    compiler         rows in, DAG files or diagnostics out (pure)
    catalog          the template folders, made a toolchain
    rendering        DAG models to Python text
    toolchain        what a file depends on beside the rows
    templating       Jinja templates that never see a value
    analysis         rows to DAG models: references, cycles, duplicates
    rows             what each attribute of a row means
    tasktypes        the task types that `dag_templates/tasks/` declares
    targets          the Airflow versions
    schema           what a value must be, and what it means
    syntax           Python source text in black's layout
    diagnostics      what is wrong, where, and what to do
"""

__version__ = "0.1.0"
