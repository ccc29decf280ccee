"""Certificates for the local servers: a CA of the folder's own, and what it has signed."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from local.servers import LOOPBACK

DAYS = 3650
BACKDATED = timedelta(days=1)  # clocks differ


def make_certificates(folder: Path) -> None:
    """Write ca.pem, and server.pem with its server.key for loopback, which the CA has signed.

    The CA's own key is thrown away: nothing else will ever be trusted for its sake.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = named("social-vault local CA")
    ca = basis(issuer, issuer, signer).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    names = [x509.IPAddress(ipaddress.ip_address(LOOPBACK)), x509.DNSName("localhost")]
    server = basis(named("localhost"), issuer, key).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    for name, each in (("ca.pem", ca), ("server.pem", server)):
        signed = each.sign(signer, hashes.SHA256())
        (folder / name).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    write_key(folder / "server.key", key)


def named(name: str) -> x509.Name:
    """Return the name that a certificate bears."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def basis(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """Begin a certificate of a key."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=DAYS))
    )


def write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a private key for this user's eyes only."""
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
