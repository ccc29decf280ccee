"""The one error the server sends: what Vertica's ErrorResponse carries."""

from dataclasses import dataclass


@dataclass
class VerticaError(Exception):
    """A refusal as Vertica words it: SQLSTATE, error number, message."""

    sqlstate: str
    message: str
    number: int = 0
    detail: str = ""
    hint: str = ""
    severity: str = "ERROR"

    def __str__(self) -> str:
        return f"{self.severity} {self.number}: {self.message} [{self.sqlstate}]"
