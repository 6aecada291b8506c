"""Speed, measured side by side: `python -m bench`. What the rows mean: docs/performance.md.

targets               what is aimed at, by ids; the measurements refer to them
parts                 the parts of a run, in their order, and which targets each measures
place                 the local AWS, and what is built and deployed there
workload, tables      rows of jobs, with content that is new in every call; whole tables of them
ours, floor, naive    three ways from the same rows to the same DAG
warm, bulk            compiles: one DAG; 10,000 DAGs
rebuilds              a whole table, in the real handler
edits, shared         edits in it: one, many at once, a task that many share
plan, starts          `dagc plan`; the start of the command line
cold, edit_to_file    the deployed package in Lambda's runtime: its start; an edit's latency
dagbag, dag_factory   what Airflow takes for a DAG, ours and others'
recorded              what `python -m bench.processor` has found, and what docs/cost.py computes
account, invocation   a table on the local AWS; a process that tells what an invocation took
peak_memory           of a process that measures itself
traced_calls          the calls of an invocation: those in a row, and their bytes
measure, run, report  medians and ratios; the JSON file; the tables
"""
