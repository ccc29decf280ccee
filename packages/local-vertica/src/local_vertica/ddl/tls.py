"""Read the statements for keys, certificates and TLS configurations."""

from dataclasses import replace

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.user_nodes import ConfigureTls, CreateCertificate, CreateKey
from local_vertica.errors import VerticaError

TLS_MODES = ("DISABLE", "ENABLE", "TRY_VERIFY", "VERIFY_CA", "VERIFY_FULL")
DAYS = 365  # that a certificate is valid where the statement does not say


def read_create_key(reader: Reader) -> CreateKey:
    """Read what follows CREATE KEY: a length to make one of, or its text."""
    name = reader.name()
    reader.expect("TYPE")
    if one_of(reader, ("AES", "RSA")) == "AES":
        raise VerticaError("0A000", "Keys of type AES are not supported", 4160)
    length, pem = None, ""
    if reader.accept("LENGTH"):
        length = reader.integer()
    else:
        reader.expect("AS")
        pem = reader.string()
    reader.end()
    return CreateKey(name, length, pem)


def read_create_certificate(reader: Reader, *, is_ca: bool) -> CreateCertificate:
    """Read what follows CREATE [CA] CERTIFICATE: a subject to make one for, or its text."""
    if is_ca:
        reader.expect("CERTIFICATE")
    found = CreateCertificate(reader.name(), is_ca)
    if reader.accept("AS"):
        found = replace(found, pem=reader.string())
    else:
        reader.expect("SUBJECT")
        found = replace(found, subject=reader.string())
    if reader.accept("SIGNED", "BY"):
        found = replace(found, signed_by=reader.name())
    if not found.pem:
        days = reader.integer() if reader.accept("VALID", "FOR") else DAYS
        found = replace(found, days=days, extensions=_extensions(reader))
    if reader.accept("KEY"):
        found = replace(found, key=reader.name())
    reader.end()
    return found


def _extensions(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Read [EXTENSIONS 'name' = 'value', …]."""
    found: list[tuple[str, str]] = []
    if reader.accept("EXTENSIONS"):
        while not found or reader.accept(","):
            name = reader.string()
            reader.expect("=")
            found.append((name, reader.string()))
    return tuple(found)


def read_alter_tls(reader: Reader) -> ConfigureTls:
    """Read what follows ALTER TLS: each clause at most once, in the documented order."""
    reader.expect("CONFIGURATION")
    found = ConfigureTls(reader.name())
    first = reader.token
    if reader.accept("CERTIFICATE"):
        found = replace(found, certificate="" if reader.accept("NULL") else reader.name())
    if reader.accept("ADD", "CA", "CERTIFICATES"):
        found = replace(found, added=_names(reader))
    if reader.accept("REMOVE", "CA", "CERTIFICATES"):
        found = replace(found, removed=_names(reader))
    if reader.is_next("CIPHER", "SUITES"):
        raise VerticaError("0A000", "CIPHER SUITES are not supported", 4160)
    if reader.accept("TLSMODE"):
        found = replace(found, mode=one_of(reader, TLS_MODES))
    if reader.token is first:
        raise syntax_error(first)
    reader.end()
    return found


def _names(reader: Reader) -> tuple[str, ...]:
    found = [reader.name()]
    while reader.accept(","):
        found.append(reader.name())
    return tuple(found)


def one_of(reader: Reader, words: tuple[str, ...]) -> str:
    """Read a string that is one of these words, in any case."""
    token = reader.token
    word = reader.string().upper()
    if word not in words:
        raise syntax_error(token)
    return word
