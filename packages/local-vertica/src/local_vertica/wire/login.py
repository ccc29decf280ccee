"""Which of the ways to come in holds for a client."""

import ipaddress
from dataclasses import dataclass
from typing import Literal

from local_vertica.catalog.model import Authentication
from local_vertica.catalog.store import Catalog

Way = Literal["hash", "trust", "reject"]


@dataclass(frozen=True)
class Caller:
    """From where a client comes, and whether it speaks TLS."""

    host: str
    is_encrypted: bool


def way_in(catalog: Catalog, user: str, caller: Caller) -> Way:
    """Return how a user is let in: as granted to the user, else to the public, else by password."""
    for grantee in (user.lower(), "public"):
        granted = {
            grant.target
            for grant in list(catalog.grants.values())
            if grant.kind == "AUTHENTICATION" and grant.grantee.lower() == grantee
        }
        methods = {
            found.method
            for found in list(catalog.authentications.values())
            if found.oid in granted and holds_for(found, caller)
        }
        if methods:
            return "reject" if "reject" in methods else "hash" if "hash" in methods else "trust"
    return "hash"


def holds_for(found: Authentication, caller: Caller) -> bool:
    """Say whether a way is meant for a client; none comes by the local socket that LOCAL means."""
    if found.access == "LOCAL":
        return False
    if found.access != "HOST" and (found.access == "HOST TLS") != caller.is_encrypted:
        return False
    host = ipaddress.ip_address(caller.host)
    network = ipaddress.ip_network(found.address, strict=False)
    return host.version == network.version and host in network
