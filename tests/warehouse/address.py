"""Where a warehouse under test is, for the driver and for the product."""

from dataclasses import asdict, dataclass

import local_vertica
import vertica_python

from social_vault.settings import WarehouseSettings


@dataclass
class Address(local_vertica.Address):
    """An address that opens connections and makes the product's settings."""

    @classmethod
    def of(cls, found: local_vertica.Address) -> "Address":
        """Return the address of a Vertica that somebody else has found or started."""
        return cls(**asdict(found))

    def settings(self, staging: str = "staging", vault: str = "dwh") -> WarehouseSettings:
        """Return the product's settings for it."""
        return WarehouseSettings(**self.connect_options(), staging_schema=staging, dwh_schema=vault)

    def connect(self, **options: object) -> vertica_python.Connection:
        """Return a plain connection of the driver."""
        return vertica_python.connect(**self.connect_options(**options))
