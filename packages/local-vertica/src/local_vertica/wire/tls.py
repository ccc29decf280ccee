"""What the server speaks TLS with, as the database has it configured."""

import ssl
import tempfile

from local_vertica.catalog.store import Catalog
from local_vertica.ddl.apply_tls import SERVER


def server_context(catalog: Catalog, own: ssl.SSLContext | None) -> ssl.SSLContext | None:
    """Return the context for a client that asks for TLS, or None; `own` was given at the start."""
    found = catalog.tls.get(SERVER)
    if found is None:
        return own
    if found.mode == "DISABLE":
        return None
    if not found.certificate:
        return own if found.certificate is None else None
    certificate = catalog.certificates[found.certificate.lower()]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load(context, catalog.keys[certificate.key.lower()].pem + certificate.pem)
    if found.mode == "VERIFY_CA":
        context.verify_mode = ssl.CERT_REQUIRED
        authorities = (catalog.certificates[name.lower()] for name in found.authorities)
        context.load_verify_locations(cadata="".join(each.pem for each in authorities))
    return context


def _load(context: ssl.SSLContext, chain: str) -> None:
    """Load a key with its certificates, which OpenSSL reads from a file only."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:  # nobody else may read it
        file.write(chain)
        file.flush()
        context.load_cert_chain(file.name)
