"""The project as git would give it, in a folder of its own."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def check_out(folder: Path) -> Path:
    """Copy what git tracks, and nothing else; return the folder."""
    git = shutil.which("git")
    assert git, "git is what a newcomer has"
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # a file deleted but not yet committed is gone for git, too
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder
