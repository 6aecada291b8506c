"""Renders texts as the tasks of a real Airflow do, for as long as there are any.

    python -m tests.airflow.render_texts

A line of JSON on the standard input is a list of texts; the answer, a line, is the list of what
became of them: {"text": …}, or {"error": …}.
"""

import json
import os
import sys
import tempfile
from typing import Any

from tests.airflow.template_names import DAY, a_task, set_up, template_context

_SECRETS = {
    "AIRFLOW_VAR_TOPIC": "retail",
    "AIRFLOW_VAR_LIMITS": '{"rows": 10}',
    "AIRFLOW_CONN_WAREHOUSE": "postgres://reader@dwh.example.com:5439/retail",
}


def main() -> None:
    """Answer each line."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what Airflow prints is no answer
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        set_up(home)
        os.environ |= _SECRETS
        task = a_task()
        for line in sys.stdin:
            # As after `render_templates`: each time, what a text has changed is forgotten.
            rendered = [_rendered(task, text) for text in json.loads(line)]
            answers.write(json.dumps(rendered) + "\n")
            answers.flush()


def _rendered(task: Any, text: str) -> dict[str, str]:
    context = template_context(task, DAY)
    type(context["ti"]).xcom_pull = lambda *_args, **_kwargs: {"rows": 7}  # another task's
    try:
        return {"text": str(task.render_template(text, context, task.get_template_env()))}
    except Exception as error:  # noqa: BLE001  whatever it is, the task fails
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
