"""TLS with certificates made in SQL, and the unmodified driver."""

from pathlib import Path

import pytest
from vertica_python.errors import Error, QueryError, SSLNotSupported

from local_vertica import Address, running
from support.driver import log_in

STATE = "SELECT ssl_state FROM sessions WHERE session_id = current_session()"
SUBJECT = "SUBJECT '/CN={}' SIGNED BY ca EXTENSIONS 'subjectAltName' = 'IP:127.0.0.1' KEY {}_key"
STATEMENTS = (
    *(f"CREATE KEY {name}_key TYPE 'RSA' LENGTH 2048" for name in ("ca", "server", "client")),
    "CREATE CA CERTIFICATE ca SUBJECT '/CN=Root' KEY ca_key",
    *(f"CREATE CERTIFICATE {name} {SUBJECT.format(name, name)}" for name in ("server", "client")),
)


def run(address: Address, *statements: str, **options: object) -> list[list[object]]:
    """Run statements in a session of their own; return the rows of the last."""
    with log_in(address, **options) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def kept(address: Address, folder: Path) -> dict[str, str]:
    """Write the CA, the client's certificate and its key into files; return their paths."""
    texts = {
        "tls_cafile": "SELECT certificate_text FROM certificates WHERE name = 'ca'",
        "tls_certfile": "SELECT certificate_text FROM certificates WHERE name = 'client'",
        "tls_keyfile": "SELECT key FROM cryptographic_keys WHERE name = 'client_key'",
    }
    for name, query in texts.items():
        (folder / name).write_text(run(address, query)[0][0])
    return {name: str(folder / name) for name in texts}


def test_certificates_made_in_sql_serve_and_survive_a_restart(tmp_path):
    """The driver verifies the server by the CA that signed it, before and after."""
    with running(tmp_path) as address:
        run(address, *STATEMENTS)
        files = kept(address, tmp_path)
        run(address, "ALTER TLS CONFIGURATION server CERTIFICATE server TLSMODE 'ENABLE'")
        trusted = {"tlsmode": "verify-full", "tls_cafile": files["tls_cafile"]}
        assert run(address, STATE, **trusted) == [["Server"]]

    with running(tmp_path) as address:
        assert run(address, STATE, **trusted) == [["Server"]]


def test_clients_without_a_trusted_certificate_stay_out_of_mutual_tls(tmp_path):
    """Who shows one that the CA signed is known; in clear everybody may still come."""
    with running(tmp_path) as address:
        run(address, *STATEMENTS)
        files = kept(address, tmp_path)
        clauses = "CERTIFICATE server ADD CA CERTIFICATES ca TLSMODE 'VERIFY_CA'"
        run(address, f"ALTER TLS CONFIGURATION server {clauses}")

        assert run(address, STATE, tlsmode="verify-full", **files) == [["Mutual"]]
        assert run(address, STATE, tlsmode="disable") == [["None"]]
        with pytest.raises((Error, OSError)):
            run(address, STATE, tlsmode="require")


def test_the_certificate_of_the_start_is_used_until_sql_says_otherwise(certificate, tmp_path):
    """It can be switched off and on; once taken away, nothing is left to switch on."""
    options = ("--tls-cert", certificate[0], "--tls-key", certificate[1])
    alter = "ALTER TLS CONFIGURATION server"
    with running(tmp_path, *options) as address:
        run(address, f"{alter} TLSMODE 'DISABLE'")
        with pytest.raises(SSLNotSupported):
            run(address, STATE, tlsmode="require")
        run(address, f"{alter} TLSMODE 'ENABLE'")
        assert run(address, STATE, tlsmode="require") == [["Server"]]

        run(address, f"{alter} CERTIFICATE NULL TLSMODE 'DISABLE'")

        with pytest.raises(QueryError):
            run(address, f"{alter} TLSMODE 'ENABLE'")
