"""The local Vertica in which loaders are killed."""

import local_vertica as stand_in
import pytest

from tests.warehouse.address import Address


@pytest.fixture(scope="session")
def steady_vertica(local_vertica: stand_in.Address) -> Address:
    """Name the local Vertica that all loaders of a session share, each in schemas of its own."""
    return Address.of(local_vertica)
