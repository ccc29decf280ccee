"""Carry out the statements for keys, certificates and the server's TLS."""

from collections.abc import Mapping
from dataclasses import replace

from local_vertica.catalog import x509
from local_vertica.catalog.model import Certificate, Key, TlsConfiguration
from local_vertica.ddl.apply_users import NOTHING_DROPPED, drop_authentication
from local_vertica.ddl.context import Definition, already_exists
from local_vertica.ddl.user_nodes import ConfigureTls, CreateCertificate, CreateKey, DropSecret
from local_vertica.errors import VerticaError

SERVER = "server"


def create_key(definition: Definition, statement: CreateKey) -> None:
    """Make a private key, or keep one that is given."""
    if statement.name.lower() in definition.draft.keys:
        raise already_exists(statement.name)
    if statement.length is None:
        pem, length = x509.read_key(statement.pem)
    else:
        pem, length = x509.new_key(statement.length), statement.length
    oid = definition.draft.new_oid()
    definition.draft.put(Key(statement.name, length, pem, oid, definition.user))


def create_certificate(definition: Definition, statement: CreateCertificate) -> None:
    """Make and sign a certificate, or keep one that is given."""
    if statement.name.lower() in definition.draft.certificates:
        raise already_exists(statement.name)
    pem = _imported(definition, statement) if statement.pem else _signed(definition, statement)
    names = (statement.is_ca, pem, statement.key, statement.signed_by)
    oid = definition.draft.new_oid()
    definition.draft.put(Certificate(statement.name, *names, oid, definition.user))


def _imported(definition: Definition, statement: CreateCertificate) -> str:
    x509.read_certificates(statement.pem)
    if statement.signed_by:
        _authority(definition, statement.signed_by)
    if statement.key:
        x509.check_pair(statement.pem, _key(definition, statement.key).pem)
    return statement.pem


def _signed(definition: Definition, statement: CreateCertificate) -> str:
    if not statement.signed_by and not statement.is_ca:
        raise VerticaError("42601", "CREATE CERTIFICATE needs SIGNED BY, unless it is a CA", 4856)
    issuer = None
    if statement.signed_by:
        authority = _authority(definition, statement.signed_by)
        if statement.is_ca and authority.signed_by:
            message = f'Intermediate CA "{authority.name}" cannot sign another CA'
            raise VerticaError("22023", message, 0)
        issuer = authority.pem, _key(definition, authority.key).pem
    request = x509.Request(statement.subject, statement.days, statement.extensions, statement.is_ca)
    return x509.new_certificate(request, _key(definition, statement.key).pem, issuer)


def _key(definition: Definition, name: str) -> Key:
    found = definition.draft.keys.get(name.lower())
    if found is None:
        raise VerticaError("42704", f'Key "{name}" does not exist', 5227)
    return found


def _certificate(definition: Definition, name: str) -> Certificate:
    found = definition.draft.certificates.get(name.lower())
    if found is None:
        raise VerticaError("42704", f'Certificate "{name}" does not exist', 5227)
    return found


def _authority(definition: Definition, name: str) -> Certificate:
    found = _certificate(definition, name)
    if not found.is_ca:
        raise VerticaError("22023", f'Certificate "{name}" is no CA certificate', 0)
    return found


def configure_tls(definition: Definition, statement: ConfigureTls) -> None:
    """Change how the server speaks TLS with those who connect from now on."""
    if statement.name.lower() != SERVER:
        message = f'TLS CONFIGURATION "{statement.name}" is not supported: only that of the server'
        raise VerticaError("0A000", message, 4160)
    if statement.mode in ("TRY_VERIFY", "VERIFY_FULL"):
        message = f"TLSMODE {statement.mode} is not supported for the server"
        raise VerticaError("0A000", message, 4160)
    old = definition.draft.tls.get(SERVER)
    if old is None:
        mode = "ENABLE" if definition.has_certificate else "DISABLE"
        old = TlsConfiguration(SERVER, mode=mode, oid=definition.draft.new_oid())
    definition.draft.put(_configured(definition, statement, old))


def _configured(
    definition: Definition, statement: ConfigureTls, old: TlsConfiguration
) -> TlsConfiguration:
    chosen = old.certificate if statement.certificate is None else statement.certificate
    if statement.certificate and not _certificate(definition, statement.certificate).key:
        message = f'Certificate "{statement.certificate}" has no key'
        raise VerticaError("22023", message, 0)
    removed = {_certificate(definition, name).name for name in statement.removed}
    added = tuple(_authority(definition, name).name for name in statement.added)
    authorities = tuple(dict.fromkeys((*old.authorities, *added)))
    mode = statement.mode or old.mode
    if mode != "DISABLE" and not (chosen or (chosen is None and definition.has_certificate)):
        raise VerticaError("55000", "TLS cannot be enabled without a certificate", 3000)
    return replace(
        old,
        certificate=chosen,
        authorities=tuple(name for name in authorities if name not in removed),
        mode=mode,
    )


def drop_secrets(definition: Definition, statement: DropSecret) -> None:
    """Drop ways to come in, keys or certificates."""
    for name in statement.names:
        _drop_one(definition, statement, name)


def _drop_one(definition: Definition, statement: DropSecret, name: str) -> None:
    draft, kind = definition.draft, statement.kind
    known: dict[str, Mapping[str, object]] = {
        "AUTHENTICATION": draft.authentications,
        "KEY": draft.keys,
        "CERTIFICATE": draft.certificates,
    }
    if name.lower() not in known[kind]:
        if not statement.if_exists:
            raise VerticaError("42704", f'{kind.title()} "{name}" does not exist', 5227)
        definition.notices.append(NOTHING_DROPPED)
    elif kind == "AUTHENTICATION":
        drop_authentication(definition, name, cascade=statement.cascade)
    else:
        found = _key(definition, name) if kind == "KEY" else _certificate(definition, name)
        _drop_with_dependents(definition, found, cascade=statement.cascade)


def _drop_with_dependents(
    definition: Definition, item: Key | Certificate, *, cascade: bool
) -> None:
    """Drop a key or certificate; what the server's TLS uses stays, whatever the statement says."""
    dependents = [
        certificate
        for certificate in definition.draft.certificates.values()
        if item.name.lower()
        == (certificate.key if isinstance(item, Key) else certificate.signed_by).lower()
    ]
    if dependents and not cascade:
        raise _used(item, f'certificate "{dependents[0].name}"')
    for certificate in dependents:
        _drop_with_dependents(definition, certificate, cascade=True)
    for configuration in definition.draft.tls.values():
        names = (configuration.certificate, *configuration.authorities)
        if isinstance(item, Certificate) and item.name.lower() in {
            (n or "").lower() for n in names
        }:
            raise _used(item, f'TLS configuration "{configuration.name}"')
    definition.draft.remove(item)


def _used(item: Key | Certificate, by: str) -> VerticaError:
    return VerticaError("2BV01", f'"{item.name}" is used by {by}', 3128)
