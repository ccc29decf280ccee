"""How much the tests with drawn examples try: for who waits, for CI, for a night."""

import os
from dataclasses import dataclass

from hypothesis import HealthCheck, settings


@dataclass(frozen=True)
class Profile:
    """What a test draws that says nothing of its own, and how often one that does, does it."""

    examples: int
    steps: int  # of a model
    times: int


PROFILES = {
    "quick": Profile(examples=40, steps=20, times=1),
    "ci": Profile(examples=200, steps=30, times=2),
    "nightly": Profile(examples=3000, steps=50, times=10),
}
CHOSEN = os.environ.get("HYPOTHESIS_PROFILE", "quick")


def load_profile() -> None:
    """Let tests without a number of their own draw what the chosen profile says."""
    for name, profile in PROFILES.items():
        settings.register_profile(
            name,
            max_examples=profile.examples,
            stateful_step_count=profile.steps,
            deadline=None,  # a busy machine is no failure
            suppress_health_check=[HealthCheck.function_scoped_fixture],  # sessions stand many
        )
    settings.load_profile(CHOSEN)


def draws(examples: int) -> settings:
    """Decorate a test that draws so many examples when somebody waits, and more at night."""
    return settings(max_examples=examples * PROFILES[CHOSEN].times, deadline=None)
