"""One run of the flow, measured: `python -m tests.bench.product PREFIX` prints JSON.

The clock runs from S3 to the answer: Prefect's own start is left out, on a server that runs and in
a process that has run another flow, and so are its heartbeats, whose thread takes a second to end,
and the picture and the artifacts.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from prefect import flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.social_network import social_network
from local.s3 import BUCKET
from tasks import publication
from tests.bench.peak import peak_mb

P = ParamSpec("P")
R = TypeVar("R")
PICTURE = Path(__file__).parents[2] / ".local" / "bench" / "answer.png"


@flow
def start_prefect(given: int) -> None:
    """Do nothing but what Prefect does at a process's first run."""


def clocked(step: Callable[P, R], spent: list[float]) -> Callable[P, R]:
    """Return the step, which then adds to a list how many seconds it took."""

    def step_by_the_clock(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            spent.append(time.perf_counter() - started)

    return step_by_the_clock


def main(prefix: str) -> None:
    """Run the flow once and say what it took; what publishing takes is taken off."""
    spent: list[float] = []
    publication.publish.fn = clocked(publication.publish.fn, spent)
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        start_prefect(1)
        started = time.perf_counter()
        social_network(BUCKET, prefix=prefix, picture_file=str(PICTURE))
    seconds = time.perf_counter() - started - sum(spent)
    print(json.dumps({"total": seconds, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(sys.argv[1])
