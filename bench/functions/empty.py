"""A function without imports: what Python and the Lambda runtime take by themselves."""


def handle(_event: object, _context: object) -> dict[str, str]:
    """Answers."""
    return {}
