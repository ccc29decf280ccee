"""Deploy everything of prefect.yaml, after checking what it would leave unsaid.

Needs PREFECT_API_URL and, since an unset `{{ $NAME }}` would be stored as it stands:

    SOCIAL_VAULT_BUCKET   the bucket the deployments read
    SOCIAL_VAULT_PREFIX   the prefix in it, ending with a slash; may be empty

    uv run python deployments/deploy.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
WHERE_IT_RUNS = {"SOCIAL_VAULT_HOME"}  # read by the worker, not here


def asked_for(text: str) -> set[str]:
    """Return the environment variables that a prefect.yaml takes in when it is deployed."""
    return set(re.findall(r"\{\{\s*\$(\w+)\s*\}\}", text)) - WHERE_IT_RUNS


def main() -> None:
    """Make the work pool if there is none, then deploy every deployment."""
    absent = sorted(asked_for((ROOT / "prefect.yaml").read_text()) - os.environ.keys())
    if absent:
        raise SystemExit(f"The environment lacks {', '.join(absent)}: nothing was deployed.")
    environ = {name: value for name, value in os.environ.items() if name not in WHERE_IT_RUNS}
    pool = ["work-pool", "create", "social-vault", "--type", "process", "--overwrite"]
    for command in (pool, ["deploy", "--all"]):
        subprocess.run([*PREFECT, *command], cwd=ROOT, env=environ, check=True)


if __name__ == "__main__":
    main()
