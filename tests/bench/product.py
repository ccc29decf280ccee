"""One run of the flow, measured: `python -m tests.bench.product PREFIX` prints JSON.

Prefect's own start is left out: the clock runs around the flow call alone, on a server that runs.
"""

import json
import resource
import sys
import time

from flows.social_network import social_network
from local.s3 import BUCKET


def main(prefix: str) -> None:
    """Run the flow once and say what it took."""
    started = time.perf_counter()
    report = social_network(BUCKET, prefix=prefix)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**report.seconds, "total": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1])
