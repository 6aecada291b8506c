"""What goes wrong: a request that is refused, and a statement that fails."""


class RefusedError(Exception):
    """A request that AWS refuses, with the name that AWS gives the error."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code


class StatementError(Exception):
    """A statement that fails before PostgreSQL has seen it, with Redshift's kind of message."""
