"""Connection data kept by the Prefect server."""

from pathlib import Path

import pytest
from prefect_aws import AwsCredentials
from pydantic import ValidationError

from deployments import register_blocks
from social_vault.errors import SettingsError
from tasks.blocks import VerticaCredentials
from tasks.connections import storage_settings, warehouse_settings

PASSWORD = "canary-password-of-a-block"
SECRET_KEY = "canary-secret-key-of-a-block"


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Set every variable that a block can hold."""
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    given = {
        "VERTICA_HOST": "vertica.example",
        "VERTICA_PORT": "5434",
        "VERTICA_DATABASE": "social",
        "VERTICA_USER": "loader",
        "VERTICA_PASSWORD": PASSWORD,
        "VERTICA_TLS_CAFILE": str(tmp_path / "ca.pem"),
        "VERTICA_BACKUP_NODES": "second:5433,third:5433",
        "VERTICA_DWH_SCHEMA": "student__dwh",
        "AWS_ACCESS_KEY_ID": "key-id",
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL_S3": "https://storage.example",
    }
    for name in ("VERTICA_TLSMODE", "VERTICA_STAGING_SCHEMA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("prefect_server", "environment")
def test_blocks_come_back_as_the_environment_said():
    """What a worker would read from its environment is what a block gives it."""
    register_blocks.save_blocks("round-trip")

    vertica = VerticaCredentials.load("round-trip")
    aws = AwsCredentials.load("round-trip")
    assert vertica.password.get_secret_value() == PASSWORD
    assert vertica.tls_ca_pem == "-----BEGIN CERTIFICATE-----\n"
    assert (vertica.host, vertica.port, vertica.tls_mode) == (
        "vertica.example",
        5434,
        "verify-full",
    )
    assert (vertica.staging_schema, vertica.dwh_schema) == ("staging", "student__dwh")
    assert aws.aws_secret_access_key.get_secret_value() == SECRET_KEY
    assert aws.aws_client_parameters.endpoint_url == "https://storage.example"


@pytest.mark.usefixtures("prefect_server", "environment")
def test_settings_from_blocks_are_those_from_the_environment(tmp_path):
    """A run cannot tell where its connection data came from."""
    register_blocks.save_blocks("settings")

    warehouse = warehouse_settings("settings", tmp_path)
    expected = warehouse_settings(None, tmp_path)
    certificate = Path(warehouse.tls_cafile).read_text()
    assert certificate == Path(expected.tls_cafile).read_text()
    assert warehouse == expected.model_copy(update={"tls_cafile": warehouse.tls_cafile})
    assert storage_settings("settings") == storage_settings(None)


@pytest.mark.usefixtures("prefect_server", "environment")
def test_a_block_without_a_certificate_asks_the_system(tmp_path, monkeypatch):
    """No certificate in the block means none, whatever the worker's environment says."""
    monkeypatch.delenv("VERTICA_TLS_CAFILE")
    register_blocks.save_blocks("no-certificate")
    monkeypatch.setenv("VERTICA_TLS_CAFILE", "/elsewhere/ca.pem")

    assert warehouse_settings("no-certificate", tmp_path).tls_cafile is None


@pytest.mark.usefixtures("environment")
def test_a_block_shows_no_secret():
    """Whoever prints a block sees where it leads, not how to get in."""
    vertica = register_blocks.vertica_block(register_blocks.os.environ)
    aws = register_blocks.aws_block(register_blocks.os.environ)

    assert PASSWORD not in f"{vertica} {vertica!r} {vertica.model_dump_json()}"
    assert SECRET_KEY not in f"{aws} {aws!r} {aws.model_dump_json()}"


@pytest.mark.usefixtures("environment")
def test_a_lacking_variable_is_named_and_nothing_is_saved(monkeypatch):
    """Half a block would fail later, in somebody's run."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(SettingsError, match="AWS_SECRET_ACCESS_KEY: no block was saved"):
        register_blocks.save_blocks()


@pytest.mark.parametrize(
    "wrong", [{"port": 0}, {"tls_mode": "off"}, {"database": ""}, {"dwh_schema": ""}], ids=str
)
def test_a_block_refuses_what_cannot_work(wrong):
    """A form's typing error is found when it is saved."""
    given = {"host": "h", "database": "d", "user": "u", "password": "p", **wrong}

    with pytest.raises(ValidationError):
        VerticaCredentials.model_validate(given)
