"""The system tables of keys, certificates and TLS."""

from collections.abc import Iterator

from local_vertica.catalog.model import Certificate, TlsConfiguration
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.catalog.x509 import read_certificates
from local_vertica.engine.session import EngineSession

RSA = 1  # the documentation numbers types of keys: AES is 0


@system_table(
    "v_catalog.cryptographic_keys",
    "oid:i name owner:i type:i length:i has_password:b key:l",
)
def cryptographic_keys(session: EngineSession) -> Iterator[Row]:
    """Give the private keys to the superuser, and none to anybody else."""
    if not session.holder().is_super:
        return
    users = session.catalog.users
    for key in session.catalog.keys.values():
        owner = users[key.owner.lower()].oid
        yield (key.oid, key.name, owner, RSA, key.length, False, key.pem)


@system_table(
    "v_catalog.certificates",
    "oid:i name owner:i signed_by:i private_key:i start_date:t expiration_date:t issuer:m "
    "subject:m serial x509v3_extensions:l certificate_text:l",
)
def certificates(session: EngineSession) -> Iterator[Row]:
    """Give the certificates."""
    for certificate in session.catalog.certificates.values():
        yield _row(session, certificate)


def _row(session: EngineSession, certificate: Certificate) -> Row:
    catalog = session.catalog
    read = read_certificates(certificate.pem)[0]
    signer = catalog.certificates.get(certificate.signed_by.lower())
    key = catalog.keys.get(certificate.key.lower())
    return (
        certificate.oid, certificate.name, catalog.users[certificate.owner.lower()].oid,
        signer.oid if signer else None, key.oid if key else None,
        read.not_valid_before_utc, read.not_valid_after_utc,
        read.issuer.rfc4514_string(), read.subject.rfc4514_string(), f"{read.serial_number:X}",
        ", ".join(extension.oid.dotted_string for extension in read.extensions), certificate.pem,
    )  # fmt: skip


@system_table(
    "v_monitor.tls_configurations", "name owner certificate ca_certificate cipher_suites:m mode"
)
def tls_configurations(session: EngineSession) -> Iterator[Row]:
    """Give the server's configuration, a row for each CA it trusts."""
    database = session.database
    mode = "ENABLE" if database.has_certificate else "DISABLE"
    found = session.catalog.tls.get("server", TlsConfiguration("server", mode=mode))
    for authority in found.authorities or ("",):
        yield (found.name, database.user, found.certificate or "", authority, "", found.mode)
