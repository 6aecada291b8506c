"""The one exception of the demo: something did not happen as the story says."""


class UnexpectedError(Exception):
    """What was expected, what was seen instead, and where to look."""

    def __init__(self, expected: str, seen: str, look: str = "") -> None:
        self.expected = expected
        self.seen = seen
        self.look = look
        super().__init__(f"expected {expected}; saw {seen}")
