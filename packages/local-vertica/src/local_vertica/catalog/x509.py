"""Private keys and certificates as texts: made, signed and read."""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from local_vertica.errors import VerticaError

PARTS = {
    "C": NameOID.COUNTRY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "L": NameOID.LOCALITY_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
    "emailAddress": NameOID.EMAIL_ADDRESS,
}
USAGES = {
    "serverAuth": ExtendedKeyUsageOID.SERVER_AUTH,
    "clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH,
}
COMMENT = ObjectIdentifier("2.16.840.1.113730.1.13")
IA5_STRING = 0x16


@dataclass(frozen=True)
class Request:
    """What a certificate is to say."""

    subject: str
    days: int
    extensions: tuple[tuple[str, str], ...]
    is_ca: bool


def new_key(length: int) -> str:
    """Return a fresh RSA key of so many bits."""
    if not 1024 <= length <= 8192:
        raise VerticaError("22023", f"Length {length} of an RSA key must be 1024 to 8192", 3852)
    key = rsa.generate_private_key(public_exponent=65537, key_size=length)
    return _key_text(key)


def read_key(pem: str) -> tuple[str, int]:
    """Return the text of an RSA key and its bits, or refuse what is none."""
    key = _key(pem)
    return _key_text(key), key.key_size


def _key(pem: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise VerticaError("22023", "The text is no private key without a password", 0) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise VerticaError("22023", "The text is no RSA key", 0)
    return key


def _key_text(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def read_certificates(pem: str) -> list[x509.Certificate]:
    """Return the certificates of a text, its own first, or refuse what holds none."""
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise VerticaError("22023", "The text is no certificate", 0) from error


def check_pair(pem: str, key: str) -> None:
    """Refuse a certificate that is not for a key."""
    if read_certificates(pem)[0].public_key() != _key(key).public_key():
        raise VerticaError("22023", "The certificate is not for this key", 0)


def new_certificate(request: Request, key: str, issuer: tuple[str, str] | None) -> str:
    """Return a certificate for a key, signed by an issuer's certificate and key or by itself."""
    subject, public = _name(request.subject), _key(key).public_key()
    signer = read_certificates(issuer[0])[0].subject if issuer else subject
    if issuer and signer == subject:
        raise VerticaError("22023", "Subject and signer of a certificate must differ", 0)
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=signer,
        subject_name=subject,
        public_key=public,
        serial_number=x509.random_serial_number(),
        not_valid_before=now,
        not_valid_after=now + timedelta(days=request.days),
    )
    builder = builder.add_extension(x509.BasicConstraints(request.is_ca, None), critical=True)
    for extension in _extensions(request.extensions):
        builder = builder.add_extension(extension, critical=False)
    signed = builder.sign(_key(issuer[1] if issuer else key), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def _name(text: str) -> x509.Name:
    """Return the name that /C=…/CN=… writes down."""
    found = []
    for part in text.lstrip("/").split("/"):
        word, _, value = part.partition("=")
        if word not in PARTS or not value:
            raise VerticaError("22023", f'"{part}" is no part of a subject', 0)
        found.append(x509.NameAttribute(PARTS[word], value))
    return x509.Name(found)


def _extensions(given: Iterable[tuple[str, str]]) -> list[x509.ExtensionType]:
    found: list[x509.ExtensionType] = []
    for name, value in given:
        if name not in EXTENSIONS:
            raise VerticaError("0A000", f'The extension "{name}" is not supported', 4160)
        try:
            found.append(EXTENSIONS[name](value))
        except (KeyError, ValueError) as error:
            raise VerticaError("22023", f'Invalid value of the extension "{name}"', 0) from error
    return found


def _comment(value: str) -> x509.ExtensionType:
    text = value.encode("ascii")
    if len(text) > 127:
        raise ValueError(value)
    return x509.UnrecognizedExtension(COMMENT, bytes([IA5_STRING, len(text)]) + text)


def _usages(value: str) -> x509.ExtensionType:
    return x509.ExtendedKeyUsage([USAGES[word.strip()] for word in value.split(",")])


def _names(value: str) -> x509.ExtensionType:
    return x509.SubjectAlternativeName([_other_name(word.strip()) for word in value.split(",")])


def _other_name(text: str) -> x509.GeneralName:
    kind, _, value = text.partition(":")
    if kind == "IP":
        return x509.IPAddress(ipaddress.ip_address(value))
    return {"DNS": x509.DNSName}[kind](value)


EXTENSIONS: dict[str, Callable[[str], x509.ExtensionType]] = {
    "nsComment": _comment,
    "extendedKeyUsage": _usages,
    "subjectAltName": _names,
}
