"""Where the stores are and how to get in: read from the environment when a task runs.

Both settings are frozen and show no secret. A Prefect block gives the same objects.
"""

from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from social_vault.errors import SettingsError

TlsMode = Literal["verify-full", "verify-ca", "require", "prefer", "disable"]
SCHEMA = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"


class _Settings(BaseSettings):
    """Frozen settings that say in one sentence which variables are wrong."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    @classmethod
    def from_env(cls) -> Self:
        """Read the settings from the environment; raise SettingsError naming what is wrong."""
        try:
            return cls()
        except ValidationError as error:
            prefix = str(cls.model_config.get("env_prefix", ""))
            wrong = [
                f"{prefix}{'_'.join(str(part) for part in fault['loc'])}".upper()
                + (" is missing" if fault["type"] == "missing" else f": {fault['msg']}")
                for fault in error.errors(include_input=False)
            ]
            raise SettingsError(f"The environment is not complete: {'; '.join(wrong)}.") from None


class WarehouseSettings(_Settings):
    """How to reach Vertica, and which schemas are ours: the variables VERTICA_…."""

    model_config = SettingsConfigDict(env_prefix="VERTICA_")

    host: str = Field(min_length=1)
    port: int = Field(default=5433, ge=1, le=65535)
    database: str = Field(min_length=1)
    user: str = Field(min_length=1)
    password: SecretStr = SecretStr("")
    tlsmode: TlsMode = "verify-full"
    tls_cafile: str | None = None
    backup_nodes: str = ""
    deadline: int = Field(default=3600, ge=1, description="Seconds of silence from the server.")
    staging_schema: str = Field(default="staging", pattern=SCHEMA)
    dwh_schema: str = Field(default="dwh", pattern=SCHEMA)

    @property
    def backups(self) -> list[tuple[str, int]]:
        """Return the further addresses, in the order in which they are tried."""
        pairs = (node.strip().rpartition(":") for node in self.backup_nodes.split(",") if node)
        return [(host, int(port)) for host, _, port in pairs]

    @property
    def schemas(self) -> dict[str, str]:
        """Return the schema names as the SQL files call them."""
        return {"staging": self.staging_schema, "vault": self.dwh_schema}


class StorageSettings(_Settings):
    """How to reach S3: the variables that boto3 knows; what is absent boto3 finds by itself."""

    model_config = SettingsConfigDict(env_prefix="AWS_", populate_by_name=True)

    access_key_id: str | None = None
    secret_access_key: SecretStr | None = None
    session_token: SecretStr | None = None
    endpoint_url: str | None = Field(
        default=None, validation_alias=AliasChoices("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    )
    region: str | None = Field(default=None, validation_alias="AWS_DEFAULT_REGION")


class PostgresSettings(_Settings):
    """How to reach the bonus system's PostgreSQL: one address, as libpq takes it.

    A URL or `name=value` pairs, with sslmode and sslrootcert where they are wanted; without an
    sslmode the server must prove itself (`verify-full`).
    """

    model_config = SettingsConfigDict(env_prefix="PG_ORIGIN_BONUS_SYSTEM_")

    connection: SecretStr


class MongoSettings(_Settings):
    """How to reach the order system's MongoDB: the variables ORDER_SYSTEM_…."""

    model_config = SettingsConfigDict(env_prefix="ORDER_SYSTEM_")

    hosts: str = Field(min_length=1, description='Members of the replica set: "host:port,host".')
    replica_set: str | None = None
    database: str = Field(min_length=1)
    user: str | None = None
    password: SecretStr = SecretStr("")
    auth_source: str | None = Field(default=None, description="None: the database.")
    tls: Literal["verify-full", "require", "disable"] = "verify-full"
    tls_cafile: str | None = None


class CourierApiSettings(_Settings):
    """How to reach the courier API: the variables COURIER_API_…."""

    model_config = SettingsConfigDict(env_prefix="COURIER_API_")

    url: str = Field(pattern=r"^https?://[^/\s?#@]+(?:/[^\s?#]*)?$")
    nickname: str = Field(min_length=1)
    cohort: str = Field(pattern=r"^[0-9]+$")
    key: SecretStr
    tls_cafile: str | None = None
    first_day: str | None = Field(
        default=None,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        description="Deliveries are read from this day on; none: seven days before the first read.",
    )
