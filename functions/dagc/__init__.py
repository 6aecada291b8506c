"""Compiles rows of three DynamoDB tables into static Airflow DAG files.

Imports go one way, from the top of this list to the bottom:

    handlers, cli    what AWS Lambda and people start; packaging: what `sam build` starts
    changes          what proposed rows would change, row by row and DAG by DAG (pure)
    row_files        rows in files: read, written, described by a JSON Schema
    lineage          which tables the SQL of tasks reads and writes (pure)
    apply            does it: follows edits, rebuilds; the protocol that makes both safe
    canary           sends rows of its own through a deployed stack, and looks what becomes of them
    aws              tables, bucket, streams, queue and event bus, one request at a time
    plan             what is to be done for one DAG id, and for all of them (pure)
    compiler         rows in, DAG files or diagnostics out (pure)

The functions are deployed without cli, changes, row_files and lineage.
"""

__version__ = "0.1.0"
