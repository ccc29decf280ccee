"""Prefect blocks: where connection data lie, encrypted, when a server keeps them."""

from prefect.blocks.core import Block
from pydantic import Field, SecretStr


class VerticaCredentials(Block):
    """How to reach a Vertica database and which schemas are ours in it."""

    # Their names are what is stored on a server: a change makes another type of block.
    _block_type_name = "Vertica Credentials"
    _block_type_slug = "vertica-credentials"
    _description = "Connection data of a Vertica database for social-vault."

    host: str = Field(description="The first address tried.")
    port: int = Field(default=5433, ge=1, le=65535)
    database: str = Field(min_length=1)
    user: str = Field(min_length=1)
    password: SecretStr
    tls_mode: str = Field(
        default="verify-full",
        pattern="^(verify-full|verify-ca|require|prefer|disable)$",
        description="As VERTICA_TLSMODE; anything below verify-full is for a laptop only.",
    )
    tls_ca_pem: str | None = Field(
        default=None, description="The certificate authority as PEM text; none: the system's."
    )
    backup_nodes: str = Field(default="", description='Further addresses: "host:port,host:port".')
    staging_schema: str = Field(default="staging", min_length=1)
    dwh_schema: str = Field(default="dwh", min_length=1)


class PostgresCredentials(Block):
    """How to reach the bonus system's PostgreSQL, as a reader of three tables."""

    _block_type_name = "Postgres Credentials"
    _block_type_slug = "postgres-credentials"
    _description = "Connection data of the bonus system for social-vault."

    host: str
    port: int = Field(default=6432, ge=1, le=65535)
    database: str = Field(min_length=1)
    user: str
    password: SecretStr
    tls_mode: str = Field(
        default="verify-full",
        pattern="^(verify-full|verify-ca|require|prefer|disable)$",
        description="As libpq's sslmode; anything below verify-full proves nothing of the server.",
    )
    tls_ca_pem: str | None = Field(
        default=None, description="The certificate authority as PEM text; none: the system's."
    )


class MongoCredentials(Block):
    """How to reach the order system's MongoDB, as a reader of one database."""

    _block_type_name = "Mongo Credentials"
    _block_type_slug = "mongo-credentials"
    _description = "Connection data of the order system for social-vault."

    hosts: str = Field(description='Members of the replica set: "host:port,host:port".')
    replica_set: str | None = None
    database: str = Field(min_length=1)
    user: str | None = None
    password: SecretStr = SecretStr("")
    auth_source: str | None = Field(default=None, description="None: the database.")
    tls_mode: str = Field(default="verify-full", pattern="^(verify-full|require|disable)$")
    tls_ca_pem: str | None = Field(
        default=None, description="The certificate authority as PEM text; none: the system's."
    )


class CourierApiCredentials(Block):
    """How to reach the courier API."""

    _block_type_name = "Courier API Credentials"
    _block_type_slug = "courier-api-credentials"
    _description = "Address and key of the courier API for social-vault."

    url: str
    nickname: str
    cohort: str
    key: SecretStr
    tls_ca_pem: str | None = Field(
        default=None, description="The certificate authority as PEM text; none: the system's."
    )
    first_day: str | None = Field(
        default=None, description="Deliveries from this day on; none: the seven days before."
    )
