"""What Airflow's DAG processor costs: `python -m bench.processor` (docs/airflow-runtime.md).

process_tree          CPU of a process and all that it has started
processor_settings    the shipped configuration, Airflow's own, and one without any second parse
generated_files       as many of our files as one likes
scanning_dags         the way of before: one DAG file that reads the tables at each parse
dag_processor         a real processor, what it has parsed, and when
one_version           the phases: the loop, a first pass, edits, files once more, an interval
extrapolation         from seconds and parses to CPU an hour
hourly                that as a table
"""
