"""Where the stores are: a Prefect block, or without one the environment of the worker."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from httpx import TransportError
from prefect.blocks.core import Block
from prefect.runtime import flow_run
from prefect_aws import AwsCredentials
from pydantic import ValidationError

from social_vault.disk import on_disk
from social_vault.errors import SettingsError, UnavailableError
from social_vault.landing.spool import made_folder
from social_vault.settings import (
    CourierApiSettings,
    MongoSettings,
    PostgresSettings,
    StorageSettings,
    WarehouseSettings,
)
from social_vault.stores.s3 import ObjectStore, open_store
from social_vault.stores.vertica import Warehouse, open_warehouse
from tasks.blocks import (
    CourierApiCredentials,
    MongoCredentials,
    PostgresCredentials,
    VerticaCredentials,
)

B = TypeVar("B", bound=Block)
SourceSettings = PostgresSettings | MongoSettings | CourierApiSettings


@contextmanager
def open_vertica(block: str | None) -> Iterator[Warehouse]:
    """Hand out a connection to the warehouse that the block or the environment names."""
    with (
        made_folder() as folder,
        open_warehouse(warehouse_settings(block, Path(folder)), session_label()) as warehouse,
    ):
        yield warehouse


def session_label() -> str:
    """Name the run as the ledgers do, so that a DBA finds its sessions by their client label."""
    return f"social-vault {flow_run.id}" if flow_run.id else "social-vault"


def open_storage(block: str | None) -> ObjectStore:
    """Reach the object storage that the block or the environment names; nothing is asked yet."""
    return open_store(storage_settings(block))


def warehouse_settings(block: str | None, folder: Path) -> WarehouseSettings:
    """Read the warehouse's settings; raise SettingsError for what the environment lacks."""
    if block is None:
        return WarehouseSettings.from_env()
    given = loaded(VerticaCredentials, block)
    return WarehouseSettings.model_validate(
        {
            "host": given.host,
            "port": given.port,
            "database": given.database,
            "user": given.user,
            "password": given.password,
            "tlsmode": given.tls_mode,
            "tls_cafile": laid_down(given.tls_ca_pem, folder),
            "backup_nodes": given.backup_nodes,
            "staging_schema": given.staging_schema,
            "dwh_schema": given.dwh_schema,
        }
    )


def storage_settings(block: str | None) -> StorageSettings:
    """Read the storage's settings; a role or profile that the block names is resolved here."""
    if block is None:
        return StorageSettings.from_env()
    given = loaded(AwsCredentials, block)
    found = given.get_boto3_session().get_credentials()
    # Frozen, as key, secret and token of a role change together, and only as one set are valid.
    keys = found.get_frozen_credentials() if found else None
    return StorageSettings.model_validate(
        {
            "access_key_id": keys.access_key if keys else None,
            "secret_access_key": keys.secret_key if keys else None,
            "session_token": keys.token if keys else None,
            "AWS_ENDPOINT_URL_S3": given.aws_client_parameters.endpoint_url,
            "AWS_DEFAULT_REGION": given.region_name,
        }
    )


def source_settings(source: str, block: str | None, folder: Path) -> SourceSettings:
    """Read the settings of a source system; certificates of a block are laid into the folder."""
    kind, made_of = SOURCES[source]
    return kind.from_env() if block is None else kind.model_validate(made_of(block, folder))


def _of_postgres(block: str, folder: Path) -> dict[str, object]:
    given = loaded(PostgresCredentials, block)
    words = {
        "host": given.host,
        "port": str(given.port),
        "dbname": given.database,
        "user": given.user,
        "password": given.password.get_secret_value(),
        "sslmode": given.tls_mode,
        "sslrootcert": laid_down(given.tls_ca_pem, folder),
    }
    # As libpq reads it: values in quotes, with a backslash before quotes and backslashes.
    quoted = {
        name: value.replace("\\", "\\\\").replace("'", "\\'")
        for name, value in words.items()
        if value is not None
    }
    return {"connection": " ".join(f"{name}='{value}'" for name, value in quoted.items())}


def _of_mongo(block: str, folder: Path) -> dict[str, object]:
    given = loaded(MongoCredentials, block)
    return {
        "hosts": given.hosts,
        "replica_set": given.replica_set,
        "database": given.database,
        "user": given.user,
        "password": given.password,
        "auth_source": given.auth_source,
        "tls": given.tls_mode,
        "tls_cafile": laid_down(given.tls_ca_pem, folder),
    }


def _of_courier_api(block: str, folder: Path) -> dict[str, object]:
    given = loaded(CourierApiCredentials, block)
    return {
        "url": given.url,
        "nickname": given.nickname,
        "cohort": given.cohort,
        "key": given.key,
        "tls_cafile": laid_down(given.tls_ca_pem, folder),
        "first_day": given.first_day,
    }


# The settings of each source system, and how they are read from a block of that name.
SOURCES: Mapping[str, tuple[type[SourceSettings], Callable[[str, Path], dict[str, object]]]] = {
    "bonus": (PostgresSettings, _of_postgres),
    "orders": (MongoSettings, _of_mongo),
    "couriers": (CourierApiSettings, _of_courier_api),
}


def laid_down(certificate: str | None, folder: Path) -> str | None:
    """Write a block's certificate where a driver can read it, as long as the connection lives."""
    if not certificate:
        return None
    ca_file = folder / "ca.pem"
    with on_disk("The certificate of the block cannot be laid down", ca_file):
        ca_file.write_text(certificate, encoding="ascii")
    return str(ca_file)


def loaded(kind: type[B], name: str) -> B:
    """Return a block by its name; Prefect says by a ValueError that there is none."""
    known = f"{kind.get_block_type_slug()}/{name}"
    try:
        found = kind.load(name)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise SettingsError(f"The block {known} holds what cannot be used: {wrong}.") from None
    except TransportError as error:
        raise UnavailableError(
            f"The Prefect server gave no block {known} ({type(error).__name__})."
        ) from None
    except ValueError:
        raise SettingsError(
            f"The Prefect server has no block {known}; deployments/register_blocks.py saves one."
        ) from None
    if not isinstance(found, kind):  # load is declared to return a coroutine, too
        raise TypeError(f"{known} is a {type(found).__name__}.")
    return found
