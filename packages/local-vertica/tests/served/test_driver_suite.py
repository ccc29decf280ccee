"""The integration suite in the driver's own wheel, unmodified, against the local Vertica."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_vertica import Address, running

SUITE = "vertica_python.tests.integration_tests"
LISTS = Path(__file__).parents[1] / "data" / "driver_suite"
TESTS = 362
MOST_FAILURES = 3
SECONDS = 600  # dozens of keys of 4096 bits are made
REFUSED_ON_PURPOSE = re.compile(r"ComplexType|_(array|set|row)_type")


def listed(name: str) -> dict[str, str]:
    """Return the tests of a list with the reason of each."""
    lines = (LISTS / name).read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def ran(address: Address, folder: Path) -> dict[str, str]:
    """Run the suite in a process of its own; return each test's outcome."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    options = ["-c", "pytest.ini", "-q", "-p", "no:cacheprovider", "--timeout", "60"]
    command = [sys.executable, "-m", "pytest", *options, "--junitxml", "suite.xml", "--pyargs"]
    told = {
        "HOST": address.host,
        "PORT": str(address.port),
        "USER": address.user,
        "PASSWORD": address.password,
        "DATABASE": address.database,
        "LOG_DIR": str(folder / "logs"),
    }
    environment = {**os.environ, **{f"VP_TEST_{name}": value for name, value in told.items()}}
    with (folder / "suite.log").open("w") as log:
        subprocess.run(
            [*command, SUITE],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    return dict(outcomes_in(folder / "suite.xml"))


def outcomes_in(report: Path) -> Iterator[tuple[str, str]]:
    """Yield each test of a report, by the name after the suite's, and how it ended."""
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own child wrote it
        name = f"{case.get('classname', '').removeprefix(SUITE + '.')}.{case.get('name')}"
        kinds = {child.tag for child in case}
        failed = kinds & {"failure", "error"} or found.get(name) == "failed"
        found[name] = "failed" if failed else "skipped" if "skipped" in kinds else "passed"
    yield from found.items()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the suite once, against a server of its own."""
    folder = tmp_path_factory.mktemp("driver_suite")
    with running(folder, database="suite") as address:
        found = ran(address, folder)
    assert len(found) == TESTS, (folder / "suite.log").read_text()[-3000:]
    return found


def named(outcomes: dict[str, str], outcome: str) -> set[str]:
    """Return the tests that ended so."""
    return {name for name, each in outcomes.items() if each == outcome}


@pytest.mark.timeout(SECONDS + 60)
def test_the_drivers_suite_fails_only_where_it_is_listed(outcomes):
    """A failure that nobody accounts for is a fault of the server."""
    assert named(outcomes, "failed") - set(listed("expected_failures.txt")) == set()


def test_the_list_of_failures_only_shrinks(outcomes):
    """A listed failure that passes is taken from the list."""
    assert set(listed("expected_failures.txt")) - named(outcomes, "failed") == set()


def test_the_drivers_suite_skips_only_what_it_cannot_ask(outcomes):
    """A test that skips itself proves nothing; these are the ones, each with its reason."""
    assert named(outcomes, "skipped") == set(listed("expected_skips.txt"))


def test_hardly_anything_but_complex_types_is_missing(outcomes):
    """Of the tests without complex types at most these many fail."""
    others = {name for name in outcomes if not REFUSED_ON_PURPOSE.search(name)}

    assert len(others) == 240
    assert len(others & named(outcomes, "failed")) <= MOST_FAILURES
