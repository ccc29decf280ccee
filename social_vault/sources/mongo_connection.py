"""Connections to a source's MongoDB: how they are asked for, and what its refusals mean.

The driver's sentences hold hosts, names and at times documents: none of them is shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from social_vault.errors import PipelineError, SettingsError, SourceError, UnavailableError
from social_vault.settings import MongoSettings
from social_vault.sources.retrying import tries

Document = dict[str, Any]
NAME = "The order system's MongoDB"
TRIES = 3
SECONDS_TO_REACH, SECONDS_OF_SILENCE = 5, 60
# Dates beyond Python's and octets that are no text are for the contract to refuse, not for us.
CODEC: CodecOptions[Document] = CodecOptions(
    document_class=dict,
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
    unicode_decode_error_handler="surrogateescape",
)
AUTHENTICATION_FAILED, UNAUTHORIZED, CURSOR_NOT_FOUND = 18, 13, 43
DOORS = {AUTHENTICATION_FAILED, 8000}  # the second is Atlas's
# What ends a read through no fault of the data: a member that leaves, a plan or a cursor that is
# killed, a majority that is not there yet.
RESTING = {
    *(6, 7, CURSOR_NOT_FOUND, 50, 89, 91, 133, 134, 175, 189, 237, 262, 365),
    *(9001, 10107, 11600, 11602, 13435, 13436),
}
RESUMABLE = "ResumableChangeStreamError"  # the server's own word for such an error


@contextmanager
def connected(settings: MongoSettings) -> Iterator[Database[Document]]:
    """Lend the order system's database; its members have answered once."""
    try:
        client = make_client(settings)
    except (PyMongoError, ValueError, OSError) as error:  # none of them was sent anywhere
        raise SettingsError(
            f"{NAME} cannot be reached with these settings ({type(error).__name__})."
        ) from None
    try:
        for attempt in tries(TRIES):
            with attempt, refusals(""):
                client.admin.command("ping")
        yield client.get_database(settings.database, CODEC, read_concern=ReadConcern("majority"))
    finally:
        client.close()


def make_client(settings: MongoSettings) -> "MongoClient[Document]":
    """Make a client; it reaches for the members in the background."""
    # One host without a set's name is meant as it stands: members may name each other as only
    # they know.
    is_alone = settings.replica_set is None and "," not in settings.hosts
    login: dict[str, Any] = {
        "username": settings.user,
        "password": settings.password.get_secret_value(),
        "authSource": settings.auth_source or settings.database,
    }
    tls: dict[str, Any] = {
        "tls": True,
        "tlsCAFile": settings.tls_cafile,
        "tlsAllowInvalidCertificates": settings.tls == "require",
    }
    return MongoClient(
        [host.strip() for host in settings.hosts.split(",")],
        replicaSet=settings.replica_set,
        directConnection=is_alone,
        serverSelectionTimeoutMS=SECONDS_TO_REACH * 1000,
        connectTimeoutMS=SECONDS_TO_REACH * 1000,
        socketTimeoutMS=SECONDS_OF_SILENCE * 1000,
        appname="social-vault",
        **(login if settings.user else {}),
        **({} if settings.tls == "disable" else tls),
    )


@contextmanager
def refusals(collection: str) -> Iterator[None]:
    """Turn the driver's errors into ours, which name the system and the collection."""
    where = f"{NAME}, {collection}" if collection else NAME
    try:
        yield
    except (PyMongoError, BSONError) as error:
        raise refusal(error, where) from None


def refusal(error: Exception, where: str) -> PipelineError:
    """Return our error for the driver's."""
    if isinstance(error, OperationFailure):
        return _answered(error, where)
    if "certificate verify failed" in str(error):
        return SettingsError(
            f"{where} has no certificate that can be trusted for its host: expected one that a CA "
            "of ORDER_SYSTEM_TLS_CAFILE has signed."
        )
    if isinstance(error, ConnectionFailure):
        return UnavailableError(f"{where} gave no answer ({type(error).__name__}).")
    if isinstance(error, ConfigurationError):
        return SettingsError(f"{where} cannot be used with these settings.")
    if isinstance(error, BSONError):
        return SourceError(
            f"{where} holds a document that cannot be read ({type(error).__name__})."
        )
    return UnavailableError(f"{where} was lost ({type(error).__name__}).")


def _answered(error: OperationFailure, where: str) -> PipelineError:
    if error.code in DOORS:
        return SettingsError(f"{where} refuses the user or the password.")
    if error.code == UNAUTHORIZED:
        return SettingsError(f"{where}: the user may not do that: expected the role `read`.")
    if error.code in RESTING or error.has_error_label(RESUMABLE):
        return UnavailableError(f"{where} broke off (code {error.code}).")
    return SourceError(f"{where} refused what was asked of it (code {error.code}).")
