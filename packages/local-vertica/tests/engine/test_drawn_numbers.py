"""Numbers that a transaction has drawn and a client has seen, when its work is done again."""

import pytest

DRAWN = (
    "id IDENTITY",
    "id INT DEFAULT NEXTVAL('q')",
    "id INT DEFAULT q.NEXTVAL",
    "id FLOAT DEFAULT chance()",
    "id FLOAT DEFAULT RANDOM()",
    "id UUID DEFAULT UUID_GENERATE()",
)


@pytest.mark.parametrize("column", DRAWN)
def test_numbers_a_client_has_seen_stay(client, column):
    """Values that were drawn and read are not drawn anew when a later statement fails."""
    client.run(
        "CREATE FUNCTION chance() RETURN FLOAT AS BEGIN RETURN RANDOM(); END; CREATE SEQUENCE q;"
        f"CREATE TABLE i ({column}, a INT NOT NULL, r INT); INSERT INTO i (a) VALUES (1)"
    )
    client.copy("COPY i (a) FROM STDIN NO COMMIT", b"2\n3\n")
    seen = client.run("SELECT id FROM i ORDER BY a")

    assert client.refused("INSERT INTO i (a) VALUES (NULL)") == "22004"

    client.run("COMMIT")
    assert client.run("SELECT id FROM i ORDER BY a") == seen


def test_so_many_numbers_that_they_are_not_kept_are_not_drawn_again(client):
    """IDENTITY values that were read cannot be replaced by others behind the client's back."""
    client.run("CREATE TABLE i (id IDENTITY, a INT NOT NULL)")
    client.copy("COPY i (a) FROM STDIN NO COMMIT", b"1\n" * 150_000)

    assert client.value("SELECT MAX(id) FROM i") == 150_000
    assert client.refused("INSERT INTO i (a) VALUES (NULL)") == "40001"


def test_values_of_every_type_are_kept_as_they_are(client):
    """An INSERT that is done again by its rows loses nothing of them."""
    types = ["DATE", "TIMESTAMPTZ", "NUMERIC(38,9)", "VARBINARY(9)", "UUID", "BOOLEAN", "FLOAT"]
    types += ["INTERVAL DAY TO SECOND", "INTERVAL YEAR TO MONTH"]
    columns = ", ".join(f"c{number} {name}" for number, name in enumerate(types))
    client.run(f"CREATE TABLE k (id IDENTITY, {columns})")
    names = ", ".join(f"c{number}" for number in range(len(types)))
    client.run(
        f"INSERT INTO k ({names}) SELECT '0044-03-15 BC', 'infinity', 0.000000001, '\\000x', "
        "UUID_GENERATE(), true, 'NaN', '1 00:00:00.000001', '3-2'"
    )
    seen = client.run(f"SELECT {names} FROM k")

    assert client.refused("INSERT INTO t VALUES (NULL, 'x')") == "22004"

    assert repr(client.run(f"SELECT {names} FROM k")) == repr(seen)
