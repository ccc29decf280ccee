"""Connections to a source's PostgreSQL: how they are asked for, and what its refusals mean.

libpq's sentences hold the address and the user's name, and speak the server's language: none of
them is shown. What it cannot tell in numbers is looked for in its words.
"""

import logging
import ssl
from dataclasses import dataclass

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from social_vault.errors import PipelineError, SettingsError, SourceError, UnavailableError
from social_vault.settings import PostgresSettings
from social_vault.sources.retrying import tries

log = logging.getLogger(__name__)

TRIES = 3
# What holds unless the address says otherwise. A server that went silent for good is told from one
# that works within three minutes, and a firewall on the way sees no idle line.
UNSAID: dict[str, str | int] = {
    "sslmode": "verify-full",
    "connect_timeout": 5,  # an address
    "keepalives_idle": 60,
    "keepalives_interval": 20,
    "keepalives_count": 6,
    "fallback_application_name": "social-vault",
}
UNVERIFIED = ("disable", "allow", "prefer", "require")
# At log-in there is no SQLSTATE: what libpq and the server say, and whose setting is wrong.
CLOSED_DOORS = {
    "server does not support ssl": "offers no TLS, which sslmode asks for",
    "no encryption": "refuses connections without TLS: expected another sslmode",
    "ssl off": "refuses connections without TLS: expected another sslmode",
    "certificate verify failed": "has no certificate that can be trusted: expected one that a CA "
    "of sslrootcert has signed",
    "root certificate file": "cannot be verified: the file of sslrootcert cannot be read",
    "does not match host name": "has a certificate of another name than the host's in the address",
    # As for a CA that is only named like ours, or a version of TLS that is too old.
    "ssl error": "agrees on no TLS: its certificate or its version of TLS cannot be accepted",
    "password authentication failed": "refuses the user or the password",
    "no password supplied": "asks for a password, and the address has none",
    "authentication failed": "refuses the user or the password",
    "pg_hba.conf": "lets this user in from no such place",
    "permission denied": "refuses the user",
    "no such user": "refuses the user",
    "no such database": "has no such database",
    "role ": "refuses the user",
    "database ": "has no such database",
    "name or service not known": "has no host of this name",
    "no address associated": "has no host of this name",
    "invalid connection option": "cannot be reached by such an address",
    "weak sslmode": "cannot be verified by the system's CAs unless sslmode is verify-full",
}
# The server says these of itself: they pass, whatever else its sentence names.
BUSY_DOORS = (
    "starting up",
    "shutting down",
    "too many",
    "remaining connection slots",
    "recovery",
    "unexpected eof",
)
# By SQLSTATE or its class: connection, resources, operator intervention, conflicts, locks.
PASSING = ("08", "53", "57", "40", "55P03", "58", "25P03", "25P04", "72")
UNFIT = ("22", "XX")  # data that cannot be written down, or cannot be read


@dataclass(frozen=True)
class Place:
    """Which system, and which of its tables, an error is about."""

    system: str
    table: str = ""
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"The {self.system} system's PostgreSQL" + (f", {self.table}" if self.table else "")


def connect(settings: PostgresSettings, place: Place) -> psycopg.Connection:
    """Return a connection, after at most three tries; say why there is none."""
    options = options_of(settings, place)
    if options["sslmode"] in UNVERIFIED:
        log.warning("%s is not verified: sslmode is %s.", place, options["sslmode"])
    return tries(TRIES)(_connect, options, place)


def options_of(settings: PostgresSettings, place: Place) -> dict[str, str | int]:
    """Read the address, and add what it leaves unsaid: a server must prove who it is."""
    try:
        said = conninfo_to_dict(settings.connection.get_secret_value())
    except psycopg.Error:
        raise SettingsError(
            f"{place}: the connection is no address: expected a URL as postgresql://… or pairs "
            "name=value, as libpq takes them."
        ) from None
    given = {name: value for name, value in said.items() if value is not None}
    options = UNSAID | given
    if options["sslmode"] == "verify-full":
        options.setdefault("sslrootcert", system_cas())
    return options


def system_cas() -> str:
    """Find the CAs that this machine trusts.

    The libpq of psycopg's wheel has an OpenSSL of its own, whose folder of CAs is empty: what
    Python goes by is given to it by name.
    """
    return ssl.get_default_verify_paths().cafile or "system"


def _connect(options: dict[str, str | int], place: Place) -> psycopg.Connection:
    try:
        # A pooler gives each transaction another session: nothing may be prepared in one.
        return psycopg.connect(
            make_conninfo("", **options), autocommit=True, prepare_threshold=None
        )
    except psycopg.Error as error:
        raise unconnected(error, place) from None


def unconnected(error: psycopg.Error, place: Place) -> PipelineError:
    """Return why there is no connection: a closed door is not worth another try."""
    words = str(error).lower()
    if any(each in words for each in BUSY_DOORS):
        return UnavailableError(f"{place} takes no connection at present.")
    for each, why in CLOSED_DOORS.items():
        if each in words:
            return SettingsError(f"{place} {why}.")
    if isinstance(error, psycopg.ProgrammingError):
        return SettingsError(f"{place} cannot be reached by such an address.")
    return UnavailableError(f"{place} cannot be reached.")


def refusal(error: psycopg.Error, place: Place) -> PipelineError:
    """Return our error for what the server said to a statement; of its words none is kept."""
    code = error.sqlstate
    if code is None or code.startswith(PASSING):
        why = f"was cut off (SQLSTATE {code})" if code else "was cut off: the connection was lost"
        return UnavailableError(f"{place}: the read {why}.")
    if isinstance(error, errors.InsufficientPrivilege):
        return SettingsError(f"{place}: the user lacks the right to read it ({code}).")
    if isinstance(error, errors.UndefinedTable):
        return SettingsError(f"{place}: there is no such table ({code}).")
    if isinstance(error, errors.UndefinedColumn):
        return SettingsError(f"{place}: {_missing(error, place)} ({code}).")
    if isinstance(error, errors.UndefinedFunction):
        return SettingsError(f"{place} is too old: expected PostgreSQL 13 or newer ({code}).")
    if code.startswith(UNFIT):
        return SourceError(f"{place} holds what it cannot hand out as UTF-8 text ({code}).")
    return PipelineError(f"{place}: the read was refused (SQLSTATE {code}).")


def _missing(error: psycopg.Error, place: Place) -> str:
    """Name the column that is not there, if it is one that we asked for."""
    words = error.diag.message_primary or ""
    found = [name for name in place.columns if f'"{name}"' in words]
    columns = ", ".join(place.columns)
    return f"there is no column {found[0] if found else 'of one name'}: expected {columns}"
