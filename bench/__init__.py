"""Speed, measured side by side: `python -m bench`. What the rows mean: docs/performance.md.

workload              rows of jobs, with content that is new in every call
ours, floor, naive    three ways from the same rows to the same DAG
warm, bulk, cold      one DAG; 10,000 DAGs; the start of the deployed package
scale, edit           rebuilds of a whole table, and edits, in the real handlers
account, invocation   a table on the local AWS; a process that tells what an invocation took
measure, report       medians and ratios; the table and the JSON file
"""
