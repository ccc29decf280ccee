"""The food delivery on a laptop, as `make food` runs it: three systems, two days, both reports."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from local.food.run import run_food
from local.paths import Paths
run_food(Paths(Path(sys.argv[1])), 0.01)
"""


def test_both_reports_are_what_plain_python_reckons(tmp_path):
    """Every server is started, read, changed, read again and stopped."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PREFECT_HOME": str(tmp_path / "prefect")},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "are what plain Python reckons from the systems" in done.stdout
    assert "What restaurants are due" in done.stdout
    assert (tmp_path / "food" / "courier_ledger.png").exists()
    assert not list((tmp_path / "food").glob("*.port"))  # nothing is left running
