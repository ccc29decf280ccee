"""Keys, certificates and the server's TLS, as statements make, show and drop them."""

import pytest

from support.catalog_client import Client

CA = "CREATE CA CERTIFICATE ca SUBJECT '/C=US/O=Root/CN=Root CA' KEY ca_key"
LEAF = "SUBJECT '/CN=Server' SIGNED BY ca VALID FOR 30 EXTENSIONS {} KEY leaf_key"
NAMED = "'subjectAltName' = 'DNS:localhost, IP:127.0.0.1', 'extendedKeyUsage' = 'serverAuth'"


def furnished(desk):
    """Make a CA, and a certificate that it signed; return the session."""
    for name in ("ca_key", "leaf_key"):
        desk.run(f"CREATE KEY {name} TYPE 'RSA' LENGTH 1024")
    desk.run(CA)
    desk.run(f"CREATE CERTIFICATE leaf {LEAF.format(NAMED)}")
    return desk


@pytest.fixture
def desk(database):
    """Return a session of a database with a CA and a certificate that it signed."""
    return furnished(Client(database))


@pytest.fixture(scope="module")
def shared_desk(shared):
    """Return the same for tests that change nothing: keys take their time."""
    return furnished(shared)


def test_what_was_made_is_shown(desk):
    """Keys and certificates stand in the system tables that the documentation names."""
    keys = desk.run("SELECT name, type, length, has_password FROM cryptographic_keys ORDER BY 1")
    query = "SELECT subject, issuer, expiration_date - start_date FROM certificates ORDER BY name"
    (_, root, _), (subject, issuer, lasts) = desk.run(query)
    signers = "SELECT c.name FROM certificates c JOIN certificates l ON l.signed_by = c.oid"

    assert keys == [("ca_key", 1, 1024, False), ("leaf_key", 1, 1024, False)]
    assert (subject, issuer) == ("CN=Server", root)
    assert lasts.days == 30
    assert desk.run(signers) == [("ca",)]


def test_only_the_superuser_sees_private_keys(desk, database):
    """Others find no key, and the text of one that was given stands in no list of requests."""
    ((pem,),) = desk.run("SELECT key FROM cryptographic_keys WHERE name = 'leaf_key'")
    desk.run(f"CREATE KEY given TYPE 'RSA' AS '{pem}'")
    desk.run("CREATE USER reader")

    assert Client(database, "reader").run("SELECT key FROM cryptographic_keys") == []
    requests = desk.run("SELECT request FROM query_requests WHERE request LIKE 'CREATE KEY given%'")
    assert requests == [("CREATE KEY given TYPE 'RSA' AS '********'",)]


def test_certificates_and_keys_can_be_given(desk):
    """A given certificate must be of the key it names."""
    ((pem,),) = desk.run("SELECT certificate_text FROM certificates WHERE name = 'leaf'")

    desk.run(f"CREATE CERTIFICATE again AS '{pem}' SIGNED BY ca KEY leaf_key")

    assert desk.run("SELECT COUNT(DISTINCT serial) FROM certificates WHERE name <> 'ca'") == [(1,)]
    assert desk.refused(f"CREATE CERTIFICATE wrong AS '{pem}' KEY ca_key") == "22023"


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("CREATE KEY ca_key TYPE 'RSA' LENGTH 1024", "42710"),
        ("CREATE KEY k TYPE 'RSA' LENGTH 100", "22023"),
        ("CREATE KEY k TYPE 'RSA' AS 'no key'", "22023"),
        ("CREATE KEY k TYPE 'AES' LENGTH 128", "0A000"),
        ("CREATE CERTIFICATE c AS 'no certificate'", "22023"),
        ("CREATE CERTIFICATE c SUBJECT '/CN=x' KEY leaf_key", "42601"),
        ("CREATE CERTIFICATE c SUBJECT '/CN=x' SIGNED BY nobody KEY leaf_key", "42704"),
        ("CREATE CERTIFICATE c SUBJECT '/CN=x' SIGNED BY leaf KEY leaf_key", "22023"),
        ("CREATE CERTIFICATE c SUBJECT '/CN=x' SIGNED BY ca KEY nothing", "42704"),
        ("CREATE CERTIFICATE c SUBJECT 'CN x' SIGNED BY ca KEY leaf_key", "22023"),
        ("CREATE CERTIFICATE c " + LEAF.format("'subjectAltName' = 'IP:there'"), "22023"),
        ("CREATE CERTIFICATE c " + LEAF.format("'keyUsage' = 'x'"), "0A000"),
        ("CREATE CERTIFICATE leaf SUBJECT '/CN=x' SIGNED BY ca KEY leaf_key", "42710"),
        (
            "CREATE CA CERTIFICATE c SUBJECT '/C=US/O=Root/CN=Root CA' SIGNED BY ca KEY ca_key",
            "22023",
        ),
        ("DROP KEY leaf_key", "2BV01"),
        ("DROP CERTIFICATE ca", "2BV01"),
        ("DROP CERTIFICATE nothing", "42704"),
        ("ALTER TLS CONFIGURATION server TLSMODE 'ENABLE'", "55000"),
        ("ALTER TLS CONFIGURATION server CERTIFICATE nothing", "42704"),
        ("ALTER TLS CONFIGURATION server ADD CA CERTIFICATES leaf", "22023"),
        ("ALTER TLS CONFIGURATION server CERTIFICATE leaf TLSMODE 'VERIFY_FULL'", "0A000"),
        ("ALTER TLS CONFIGURATION LDAPLink CERTIFICATE leaf", "0A000"),
    ],
)
def test_what_makes_no_sense_is_refused(shared_desk, statement, sqlstate):
    """Missing objects, texts that are none, what is in use, and what is not offered."""
    assert shared_desk.refused(statement) == sqlstate


def test_an_intermediate_ca_signs_certificates_but_no_ca(desk):
    """It was signed itself."""
    desk.run("CREATE KEY middle_key TYPE 'RSA' LENGTH 1024")
    desk.run("CREATE CA CERTIFICATE middle SUBJECT '/CN=Middle' SIGNED BY ca KEY middle_key")

    desk.run("CREATE CERTIFICATE c SUBJECT '/CN=x' SIGNED BY middle KEY leaf_key")

    other = "CREATE CA CERTIFICATE d SUBJECT '/CN=y' SIGNED BY middle KEY leaf_key"
    assert desk.refused(other) == "22023"


def test_what_the_server_uses_cannot_be_dropped(desk):
    """CASCADE takes what depends on a key, but not the certificate the server shows."""
    desk.run("ALTER TLS CONFIGURATION server CERTIFICATE leaf ADD CA CERTIFICATES ca")
    for statement in ("DROP KEY leaf_key CASCADE", "DROP KEY ca_key CASCADE"):
        assert desk.refused(statement) == "2BV01"

    desk.run("ALTER TLS CONFIGURATION server CERTIFICATE NULL REMOVE CA CERTIFICATES ca")
    desk.run("DROP KEY ca_key, leaf_key CASCADE")

    assert desk.run("SELECT COUNT(*) FROM certificates") == [(0,)]
    assert desk.run("SELECT certificate, mode FROM tls_configurations") == [("", "DISABLE")]
