"""Try again for seconds what is out of reach; Prefect goes on for minutes (docs/decisions/09)."""

import logging

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from social_vault.errors import UnavailableError

log = logging.getLogger(__name__)

SHORTEST, LONGEST = (
    0.5,
    5.0,
)  # seconds; the first pause is at most the one, no pause above the other


def tries(count: int) -> Retrying:
    """Try so many times in all, with pauses that grow and are drawn, as long as it may help."""
    return Retrying(
        retry=retry_if_exception_type(UnavailableError),
        stop=stop_after_attempt(count),
        wait=wait_random_exponential(multiplier=SHORTEST, max=LONGEST),
        before_sleep=tell_pause,
        reraise=True,
    )


def tell_pause(state: RetryCallState) -> None:
    """Log why there is another try, and when; our errors show neither data nor secrets."""
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0.0
    log.warning("%s Trying again in %.1f seconds.", error, pause)
