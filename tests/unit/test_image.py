"""The image holds what the service needs to run; Docker itself is not asked."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deployments" / "Dockerfile").read_text()


def test_the_image_carries_the_packages_of_the_wheel():
    """A package that is renamed or added must not be missed only where the image is built."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    let_in = (ROOT / "deployments" / "Dockerfile.dockerignore").read_text().splitlines()

    copied = re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE)

    assert sorted(copied) == sorted(packages)
    assert {f"!{package}" for package in packages} <= set(let_in)


def test_whatever_is_copied_is_there():
    """A file that no longer exists stops the build at its first line."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)

    missing = [name for line in copied for name in line.split() if not list(ROOT.glob(name))]

    assert missing == []
