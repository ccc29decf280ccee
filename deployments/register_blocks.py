"""Save the connection data of this environment as Prefect blocks, encrypted by the server.

Needs PREFECT_API_URL, and what the service itself reads: VERTICA_… for `VerticaCredentials`,
AWS_… for `AwsCredentials`. Blocks of the same names are overwritten.

    uv run python deployments/register_blocks.py [NAME]
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from prefect_aws import AwsClientParameters, AwsCredentials
from pydantic import SecretStr, ValidationError

from social_vault.commands import log_of, run_command
from social_vault.errors import SettingsError
from tasks.blocks import VerticaCredentials
from tasks.reachability import reached_prefect


def vertica_block(environ: Mapping[str, str]) -> VerticaCredentials:
    """Make a block of the VERTICA_… variables; raise KeyError for one that is missing."""
    # Workers elsewhere have other disks: the certificate itself goes into the block.
    ca_file = environ.get("VERTICA_TLS_CAFILE")
    given = {
        "port": environ.get("VERTICA_PORT"),
        "tls_mode": environ.get("VERTICA_TLSMODE"),
        "tls_ca_pem": Path(ca_file).read_text(encoding="ascii") if ca_file else None,
        "backup_nodes": environ.get("VERTICA_BACKUP_NODES"),
        "staging_schema": environ.get("VERTICA_STAGING_SCHEMA"),
        "dwh_schema": environ.get("VERTICA_DWH_SCHEMA"),
    }
    return VerticaCredentials.model_validate(
        {
            "host": environ["VERTICA_HOST"],
            "database": environ["VERTICA_DATABASE"],
            "user": environ["VERTICA_USER"],
            "password": SecretStr(environ["VERTICA_PASSWORD"]),
            # What is not set is left to the defaults of the block.
            **{name: value for name, value in given.items() if value},
        }
    )


def aws_block(environ: Mapping[str, str]) -> AwsCredentials:
    """Make a block of the AWS_… variables; raise KeyError for one that is missing."""
    endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
    return AwsCredentials(
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=SecretStr(environ["AWS_SECRET_ACCESS_KEY"]),
        aws_session_token=environ.get("AWS_SESSION_TOKEN"),
        region_name=environ.get("AWS_DEFAULT_REGION"),
        aws_client_parameters=AwsClientParameters(endpoint_url=endpoint),
    )


def save_blocks(name: str = "social-vault") -> None:
    """Save both blocks under one name, or none where the environment is not complete."""
    try:
        blocks = vertica_block(os.environ), aws_block(os.environ)
    except KeyError as missing:
        why = f"The environment lacks {missing.args[0]}: no block was saved."
        raise SettingsError(why) from None
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise SettingsError(f"No block can hold the environment's {wrong}.") from None
    except (OSError, UnicodeDecodeError) as error:
        why = f"VERTICA_TLS_CAFILE cannot be read ({type(error).__name__}): no block was saved."
        raise SettingsError(why) from None
    with reached_prefect():
        for block in blocks:
            block.save(name, overwrite=True)
    print(f"Saved vertica-credentials/{name} and aws-credentials/{name}.")


def main() -> int:
    """Save the blocks; what fails ends with one sentence."""
    return run_command(lambda: save_blocks(*sys.argv[1:2]), log_of("register-blocks"))


if __name__ == "__main__":
    raise SystemExit(main())
