"""What tests of every kind share."""

import logging

import pytest

from social_vault.commands import SHOWN


@pytest.fixture
def logging_as_before():
    """Leave no handler of a command behind."""
    loggers = [logging.getLogger(name) for name in ("", "prefect", "command", *SHOWN)]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    raising = logging.raiseExceptions
    yield
    logging.raiseExceptions = raising
    for logger, handlers, level in before:
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)
