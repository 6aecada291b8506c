"""Loads a folder of DAG files with an Airflow's own Python: `python -P dagbag_child.py FOLDER`.

Each line of its input asks for one more load; the answer is a line of JSON. It imports nothing of
this project: Airflow's environment has none of it.
"""

import gc
import json
import logging
import os
import sys
import time

from airflow.dag_processing.dagbag import DagBag


def main(folder: str) -> None:
    """Loads until there are no more questions."""
    answers = os.fdopen(os.dup(1), "w")
    # What Airflow and the files print is no answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    logging.disable(logging.CRITICAL)
    for _line in sys.stdin:
        gc.collect()
        start = time.process_time()
        bag = DagBag(folder, safe_mode=True)
        found = {
            "cpu": time.process_time() - start,
            "dags": len(bag.dags),
            "tasks": sum(len(dag.tasks) for dag in bag.dags.values()),
            "edges": sum(
                len(task.downstream_task_ids) for dag in bag.dags.values() for task in dag.tasks
            ),
            "errors": dict(list(bag.import_errors.items())[:3]),
        }
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
