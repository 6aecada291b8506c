"""An example: the row of task 2 names `pipelines.hello:count_letters`.

Airflow imports the module when a task runs, not when it parses the DAG.
"""


def count_letters(text: str) -> int:
    """How many letters `text` has."""
    return sum(character.isalpha() for character in text)
