"""What the terminal shows of a laptop's command."""

import logging


def tell(line: str) -> None:
    """Say how far a command is."""
    print(line, flush=True)


def is_no_news(record: logging.LogRecord) -> bool:
    """Tell what is said of every connection: on loopback nothing need be encrypted."""
    return "tlsmode" in record.getMessage().lower()
