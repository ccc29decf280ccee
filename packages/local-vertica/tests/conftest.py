"""How much is drawn, and what the tests over the wire share."""

import ipaddress
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import vertica_python
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from local_vertica import Address, LocalVertica, running
from support.drawing import load_profile
from support.driver import log_in

Connect = Callable[..., vertica_python.Connection]

load_profile()


@pytest.fixture
def schema(vertica_address: Address) -> Iterator[str]:
    """Make a schema of the test's own and drop it with all it holds."""
    name = f"test_{secrets.token_hex(6)}"
    with log_in(vertica_address) as connection:
        connection.cursor().execute(f"CREATE SCHEMA {name}")
    yield name
    with log_in(vertica_address) as connection:
        connection.cursor().execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def connect(vertica_address: Address) -> Iterator[Connect]:
    """Lend a function that opens connections; they are closed in the end."""
    opened = []

    def open_one(**options: object) -> vertica_python.Connection:
        opened.append(log_in(vertica_address, **options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write a self-signed certificate for 127.0.0.1 and its key; return where they are."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="session")
def secured(
    certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalVertica]:
    """Run a server that offers TLS."""
    cert, key = certificate
    folder = tmp_path_factory.mktemp("secured")
    with running(folder, "--tls-cert", cert, "--tls-key", key) as server:
        yield server
