"""`local/setup.sh`, with a uv that only lays a Python down: what it makes, keeps and makes anew."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UV = f"""#!/bin/bash
if [ "$1" = --version ]; then echo "uv 0.9"; exit; fi
echo "$*" >> called
mkdir -p .venv/bin && ln -sf {sys.executable} .venv/bin/python
"""
STOPPED = UV + "kill -KILL $PPID\n"
DONE = "Installing the 2 packages of uv.lock into .venv, with Python "


@pytest.fixture
def project(tmp_path):
    """Make a folder that has what the script looks at."""
    folder = tmp_path / "project"
    (folder / "local").mkdir(parents=True)
    shutil.copy(ROOT / "local" / "setup.sh", folder / "local")
    (folder / "uv.lock").write_text('name = "one"\nname = "two"\n')
    (folder / "pyproject.toml").touch()
    for made in ("uv.lock", "pyproject.toml"):
        os.utime(folder / made, (0, 0))
    give_uv(folder, UV)
    return folder


def give_uv(folder, text):
    """Lay a program named uv where the script finds it first."""
    program = folder.parent / "bin" / "uv"
    program.parent.mkdir(exist_ok=True)
    program.write_text(text)
    program.chmod(0o755)


def set_up(folder, **environment):
    """Run the script as make does; return what it said."""
    path = f"{folder.parent / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin"
    return subprocess.run(
        ["/bin/bash", "local/setup.sh"],
        cwd=folder,
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_it_installs_and_then_nothing(project):
    """The first time takes minutes; later ones must not be felt."""
    first, second = set_up(project), set_up(project)

    assert first.returncode == second.returncode == 0
    assert first.stdout.startswith(DONE)
    assert second.stdout == ""


def test_an_environment_that_was_removed_is_made_again(project):
    """As is one whose `.local`, and the uv in it, went at the same time."""
    set_up(project)
    shutil.rmtree(project / ".venv")

    again = set_up(project)

    assert again.returncode == 0
    assert again.stdout.startswith(DONE)


def test_a_new_lock_is_installed_into_what_is_there(project):
    """The packages that are the same stay."""
    set_up(project)
    (project / ".venv" / "kept").touch()
    os.utime(project / "uv.lock")
    os.utime(project / ".venv" / ".synced", (1, 1))

    again = set_up(project)

    assert again.stdout.startswith(DONE)
    assert (project / ".venv" / "kept").exists()


def take_python(project):
    """Remove what the environment runs on, as an upgrade of the system does."""
    (project / ".venv" / "bin" / "python").unlink()


def move(project):
    """Let the environment be one that was made in another folder."""
    (project / ".venv" / ".synced").write_text("/elsewhere\n")


def stop_half_way(project):
    """Kill a setup while uv works."""
    shutil.rmtree(project / ".venv")
    give_uv(project, STOPPED)
    set_up(project)
    give_uv(project, UV)


@pytest.mark.parametrize("harm", [take_python, move, stop_half_way], ids=lambda harm: harm.__name__)
def test_what_cannot_be_trusted_is_made_anew(project, harm):
    """It says so first: half an environment passes for a whole one."""
    set_up(project)
    harm(project)
    (project / ".venv" / "half").touch()

    again = set_up(project)

    assert again.returncode == 0
    assert again.stdout.startswith("Removing .venv: ")
    assert not (project / ".venv" / "half").exists()


def test_a_python_that_does_not_serve_is_told(project):
    """The sentence says what is needed and what was found."""
    done = set_up(project, PYTHON="/bin/false")

    assert done.returncode == 2
    assert done.stderr.startswith("Failed: Python 3.11 or newer is needed; found ")


def test_a_failed_installation_is_no_finished_one(project):
    """The installer says why; the next try begins anew."""
    give_uv(project, UV.replace("mkdir", "exit 1; mkdir"))

    done = set_up(project)

    assert done.returncode == 2
    assert done.stderr == (
        "Failed: The locked packages could not be installed; uv says why above.\n"
    )
    assert not (project / ".venv" / ".synced").exists()
