"""Run the yardstick: `python -m tests.bench.yardstick DATA DATABASE` prints seconds as JSON."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.bench.peak import peak_mb

SCRIPT = Path(__file__).with_name("yardstick.sql")


def stages(script: str) -> list[tuple[str, list[str]]]:
    """Return the script's statements under the name of their stage."""
    parts = script.split("-- stage: ")[1:]
    named = [part.split("\n", 1) for part in parts]
    return [(name.strip(), [s for s in body.split(";\n") if s.strip()]) for name, body in named]


def run(data: Path, database: Path) -> dict[str, float]:
    """Do the whole job on the four files in `data`; return the seconds of each stage."""
    seconds: dict[str, float] = {}
    now = datetime.now(UTC).replace(tzinfo=None)
    with duckdb.connect(str(database)) as connection:
        for name, statements in stages(SCRIPT.read_text()):
            started = time.perf_counter()
            for statement in statements:
                text = statement.replace("{data}", str(data))
                connection.execute(text, {"load_dt": now} if "$load_dt" in text else None)
            seconds[name] = time.perf_counter() - started
    return seconds


if __name__ == "__main__":
    started = time.perf_counter()
    seconds = run(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({**seconds, "total": time.perf_counter() - started, "peak_mb": peak_mb()}))
