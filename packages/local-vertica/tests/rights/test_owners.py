"""OWNER TO, after Vertica's pages: Changing Table Ownership and Changing Sequence Ownership."""

OWNED = "SELECT owner_name FROM {} WHERE {} = '{}'"


def owner_of(client, table, column, name):
    """Return who owns an object, as a system table tells it."""
    return client.run(OWNED.format(table, column, name))[0][0]


def test_a_table_is_given_away(admin, ann, bob):
    """The new owner has all of it, the old one nothing, nor whom the old one let in."""
    admin.run("GRANT USAGE, CREATE ON SCHEMA s TO ann; GRANT USAGE ON SCHEMA s TO bob")
    ann.run("CREATE TABLE s.mine (id IDENTITY, a INT); GRANT SELECT ON s.mine TO reader")
    ann.run("CREATE PROJECTION s.mine_p AS SELECT a FROM s.mine")

    ann.run("ALTER TABLE s.mine OWNER TO bob")

    bob.run("INSERT INTO s.mine (a) VALUES (1)")
    ann.denied("SELECT a FROM s.mine")
    admin.run("GRANT reader TO ann")
    ann.run("SET ROLE reader")
    ann.denied("SELECT a FROM s.mine")
    assert owner_of(admin, "tables", "table_name", "mine") == "bob"
    assert owner_of(admin, "projections", "projection_name", "mine_p") == "bob"
    assert admin.run("SELECT sequence_name FROM sequences WHERE owner_name = 'bob'") == [
        ("mine_id_seq",)
    ]


def test_a_sequence_is_given_away(admin, bob):
    """A sequence changes hands and goes on counting."""
    admin.run("GRANT USAGE ON SCHEMA s TO bob; SELECT NEXTVAL('s.q')")

    admin.run("ALTER SEQUENCE s.q OWNER TO bob")

    assert bob.run("SELECT NEXTVAL('s.q')") == [(2,)]


def test_a_view_is_given_away(admin, ann, bob):
    """It shows what its new owner may read, and the old owner no longer has it."""
    admin.run("GRANT USAGE, CREATE ON SCHEMA s TO ann; GRANT USAGE ON SCHEMA s TO bob")
    admin.run("GRANT SELECT ON s.t TO ann; INSERT INTO s.t VALUES (1, 2); COMMIT")
    ann.run("CREATE VIEW s.mine AS SELECT b FROM s.t")

    ann.run("ALTER VIEW s.mine OWNER TO bob")

    assert owner_of(admin, "views", "table_name", "mine") == "bob"
    ann.denied("SELECT b FROM s.mine")
    bob.denied("SELECT b FROM s.mine")
    admin.run("GRANT SELECT ON s.t TO bob")
    assert bob.run("SELECT b FROM s.mine") == [(2,)]


def test_only_its_owner_gives_an_object_away(admin, ann):
    """ALTER on it does not suffice to take it; a user that is not there gets nothing."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT ALTER ON s.t TO ann")
    admin.run("GRANT ALTER ON SEQUENCE s.q TO ann")

    ann.denied("ALTER TABLE s.t OWNER TO ann")
    ann.denied("ALTER SEQUENCE s.q OWNER TO ann")
    admin.run("GRANT ALTER ON s.v TO ann")
    ann.denied("ALTER VIEW s.v OWNER TO ann")

    assert admin.refused("ALTER TABLE s.t OWNER TO nobody") == "42704"
    assert owner_of(admin, "tables", "table_name", "t") == "dbadmin"


def test_partitioning_is_removed(admin):
    """REMOVE PARTITIONING takes the clause out of the table; its rows stay."""
    admin.run("INSERT INTO s.parted SELECT 1")

    admin.run("ALTER TABLE s.parted REMOVE PARTITIONING")

    told = admin.run("SELECT partition_expression FROM tables WHERE table_name = 'parted'")
    assert told == [("",)]
    assert admin.run("SELECT a FROM s.parted") == [(1,)]
