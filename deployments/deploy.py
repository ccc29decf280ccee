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

from prefect.settings import PREFECT_API_URL

from social_vault.commands import log_of, run_command
from social_vault.errors import PipelineError, SettingsError
from tasks.reachability import reached_prefect

ROOT = Path(__file__).parent.parent
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
WHERE_IT_RUNS = {"SOCIAL_VAULT_HOME"}  # read by the worker, not here


def asked_for(text: str) -> set[str]:
    """Return the environment variables that a prefect.yaml takes in when it is deployed."""
    return set(re.findall(r"\{\{\s*\$(\w+)\s*\}\}", text)) - WHERE_IT_RUNS


def deploy(log: Path) -> None:
    """Make the work pool if there is none, then deploy every deployment."""
    absent = sorted(asked_for((ROOT / "prefect.yaml").read_text()) - os.environ.keys())
    if absent:
        raise SettingsError(f"The environment lacks {', '.join(absent)}: nothing was deployed.")
    if not PREFECT_API_URL.value():
        raise SettingsError("PREFECT_API_URL is not set: nothing was deployed.")
    pool = ["work-pool", "create", "social-vault", "--type", "process", "--overwrite"]
    with reached_prefect():
        for command in (pool, ["deploy", "--all"]):
            run_prefect(command, log)


def run_prefect(command: list[str], log: Path) -> None:
    """Run one of Prefect's commands; what it says is shown, or kept in the log where it fails."""
    environ = {name: value for name, value in os.environ.items() if name not in WHERE_IT_RUNS}
    done = subprocess.run(
        [*PREFECT, *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        with log.open("a", encoding="utf-8") as file:
            file.write(done.stdout + done.stderr)
        what = f"`prefect {' '.join(command)}` ended with exit code {done.returncode}"
        raise PipelineError(f"{what}; {log} tells why.")
    print(done.stdout, end="")


def main() -> int:
    """Deploy everything; what fails ends with one sentence."""
    log = log_of("deploy")
    return run_command(lambda: deploy(log), log)


if __name__ == "__main__":
    raise SystemExit(main())
