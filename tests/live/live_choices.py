"""What a BRANCH of `shapes.yaml` calls: it lies beside the DAGs, as a team's own modules do."""


def second(of: list[str]) -> str:
    """The second of the tasks."""
    return of[1]
