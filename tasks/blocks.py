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
