"""Privileges: passed on, taken back, kept with their objects, inherited from schemas."""

from local_vertica.copy.context import SpooledSource
from local_vertica.engine.database import Database
from support.catalog_client import Client


def test_the_grant_option_lets_a_privilege_be_passed_on(admin, ann, bob):
    """REVOKE stops at what was passed on, unless it says CASCADE."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann, bob")
    admin.run("GRANT SELECT, INSERT ON s.t TO ann WITH GRANT OPTION")
    ann.run("GRANT ALL ON s.t TO bob WITH GRANT OPTION; COMMIT")
    ann.denied("GRANT UPDATE ON s.t TO bob")
    assert bob.run("SELECT a FROM s.t") == []
    assert admin.refusal("REVOKE SELECT ON s.t FROM ann").sqlstate == "2BV01"

    admin.run("REVOKE SELECT ON s.t FROM ann CASCADE")

    ann.denied("SELECT a FROM s.t")
    bob.denied("SELECT a FROM s.t")
    bob.run("INSERT INTO s.t (a) VALUES (1)")
    admin.run("REVOKE GRANT OPTION FOR ALL ON s.t FROM ann CASCADE")
    bob.denied("INSERT INTO s.t (a) VALUES (1)")
    ann.run("INSERT INTO s.t (a) VALUES (1)")


def test_what_came_from_elsewhere_outlives_a_revoke(admin, ann, bob):
    """A privilege with two grantors stays until both have taken it back."""
    admin.run("CREATE USER cid; GRANT USAGE ON SCHEMA s TO ann, bob, cid")
    admin.run("GRANT SELECT ON s.t TO ann, bob WITH GRANT OPTION")
    cid = Client(admin.session.database, "cid")
    for giver in (ann, bob):
        giver.run("GRANT SELECT ON s.t TO cid")

    ann.run("REVOKE SELECT ON s.t FROM cid")

    assert cid.run("SELECT a FROM s.t") == []
    bob.run("REVOKE SELECT ON s.t FROM cid")
    cid.denied("SELECT a FROM s.t")


def test_an_owner_needs_usage_and_keeps_what_cannot_be_revoked(admin, ann, bob):
    """An owner can make a table read-only for itself, give rights, and drop it all the same."""
    admin.run("GRANT CREATE, USAGE ON SCHEMA s TO ann; GRANT USAGE ON SCHEMA s TO bob")
    ann.run("CREATE TABLE s.mine (a INT); INSERT INTO s.mine VALUES (1); COMMIT")
    bob.denied("SELECT a FROM s.mine")

    ann.run("REVOKE INSERT ON s.mine FROM ann")

    assert ann.denied("INSERT INTO s.mine VALUES (1)") == "Permission denied for relation mine"
    ann.run("GRANT INSERT ON s.mine TO ann; INSERT INTO s.mine VALUES (1); COMMIT")
    ann.run("GRANT SELECT ON s.mine TO bob")
    assert bob.run("SELECT a FROM s.mine") == [(1,), (1,)]
    admin.run("REVOKE USAGE ON SCHEMA s FROM ann")
    ann.denied("SELECT a FROM s.mine")
    admin.run("GRANT USAGE ON SCHEMA s TO ann")
    ann.run("DROP TABLE s.mine")


def test_a_view_reads_with_its_owners_rights(admin, ann, bob):
    """Who may read a view need not read its tables; its owner must, and be free to show them."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann, bob; GRANT CREATE ON SCHEMA s TO ann")
    admin.run("GRANT SELECT ON s.t TO ann; INSERT INTO s.t (a) VALUES (5); COMMIT")
    ann.run("CREATE VIEW s.anns AS SELECT a FROM s.t; GRANT SELECT ON s.anns TO bob")
    assert ann.run("SELECT a FROM s.anns") == [(5,)]
    assert bob.denied("SELECT a FROM s.anns") == "Permission denied for relation t"

    admin.run("GRANT SELECT ON s.t TO ann WITH GRANT OPTION")

    assert bob.run("SELECT a FROM s.anns") == [(5,)]
    bob.denied("SELECT a FROM s.t")
    admin.run("REVOKE SELECT ON s.t FROM ann")
    ann.denied("SELECT a FROM s.anns")
    bob.denied("SELECT a FROM s.anns")


def test_rights_on_a_table_stay_with_it(admin, ann):
    """A renamed or moved table keeps its grants; a dropped one leaves none to its successor."""
    admin.run("GRANT USAGE ON SCHEMA s, o TO ann; GRANT SELECT ON s.t TO ann")
    admin.run("DROP VIEW s.upper_v; DROP VIEW s.v; ALTER TABLE s.t RENAME TO moved")
    admin.run("ALTER TABLE s.moved SET SCHEMA o")
    assert ann.run("SELECT a FROM o.moved") == []

    admin.run("DROP TABLE o.moved; CREATE TABLE o.moved (a INT)")

    ann.denied("SELECT a FROM o.moved")


def test_a_dropped_user_leaves_no_rights_behind(admin, ann):
    """Who comes later under the name begins with nothing; what the user owned must go first."""
    admin.run("GRANT CREATE, USAGE ON SCHEMA s TO ann")
    ann.run("CREATE TABLE s.mine (a INT)")
    assert admin.refusal("DROP USER ann").number == 3128

    admin.run("DROP USER ann CASCADE; CREATE USER ann")

    assert admin.refusal("SELECT a FROM s.mine").sqlstate == "42V01"
    ann.denied("SELECT a FROM s.t")
    admin.run("GRANT reader TO ann")
    assert admin.refusal("DROP ROLE reader").number == 3128
    admin.run("DROP ROLE reader CASCADE")


def test_a_session_ends_with_its_user(admin, ann):
    """A user that was dropped runs nothing more."""
    admin.run("DROP USER ann")

    assert ann.refusal("SELECT 1").sqlstate == "28000"


def test_a_granted_table_warns_of_the_closed_schema(admin):
    """Vertica's warning 5682: without USAGE a privilege on a table is of no use."""
    assert admin.notices("GRANT SELECT ON s.t TO ann") == (
        'USAGE privilege on schema "s" also needs to be granted to "ann"',
    )
    admin.run("GRANT USAGE ON SCHEMA s TO public")
    assert admin.notices("GRANT SELECT ON s.t TO ann") == ()


def test_all_leaves_out_alter_and_drop(admin, ann):
    """ALL does not mean them unless it is EXTENDed; ALL TABLES means views, too."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT ALL ON ALL TABLES IN SCHEMA s TO ann")
    ann.run("SELECT a FROM s.v; TRUNCATE TABLE s.t")
    ann.denied("DROP TABLE s.t")

    admin.run("GRANT ALL EXTEND ON s.t TO ann")

    ann.run("DROP TABLE s.t")


def test_a_schemas_privileges_are_inherited_where_it_is_said(admin, ann):
    """Rights on a schema's tables are kept with the schema and count where they are included."""
    admin.run("GRANT USAGE, SELECT ON SCHEMA s TO ann")
    ann.denied("SELECT a FROM s.t")
    assert admin.notices("CREATE TABLE s.heir (a INT) INCLUDE SCHEMA PRIVILEGES") == (
        'Table "heir" will include privileges from schema "s"',
    )
    assert ann.run("SELECT a FROM s.heir") == []
    ann.denied("INSERT INTO s.heir VALUES (1)")

    admin.run("CREATE SCHEMA i DEFAULT INCLUDE PRIVILEGES; GRANT USAGE, INSERT ON SCHEMA i TO ann")
    admin.run("CREATE TABLE i.a (a INT); CREATE TABLE i.b (a INT) EXCLUDE SCHEMA PRIVILEGES")

    ann.run("INSERT INTO i.a VALUES (1)")
    ann.denied("INSERT INTO i.b VALUES (1)")


def test_rights_survive_a_restart(database, admin):
    """Grants, roles, default roles and owners are in the file."""
    admin.run("GRANT USAGE ON SCHEMA s TO reader; GRANT SELECT ON s.t TO reader")
    admin.run("GRANT reader TO ann; ALTER USER ann DEFAULT ROLE reader")
    database.close()

    again = Database(database.path)

    ann = Client(again, "ann")
    assert ann.run("SELECT a FROM s.t") == []
    ann.denied("INSERT INTO s.t (a) VALUES (1)")
    again.close()


def test_a_temporary_view_closes_with_its_tables(admin, ann):
    """A view of one's own session reads no longer than one may read what it names."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT SELECT ON s.t TO ann")
    admin.run("GRANT TEMP ON DATABASE DEFAULT TO ann")
    ann.run("CREATE LOCAL TEMP VIEW mine AS SELECT a FROM s.t; SELECT a FROM mine")

    admin.run("REVOKE SELECT ON s.t FROM ann")

    ann.denied("SELECT a FROM mine")


def test_a_reject_table_is_its_owners(admin, ann, bob):
    """Others neither read what was rejected nor add to it."""
    admin.run("GRANT USAGE, CREATE ON SCHEMA s TO ann, bob; GRANT INSERT ON s.t TO ann, bob")
    load(ann)
    assert ann.run("SELECT rejected_data FROM s.refused") == [("x",)]

    bob.denied("SELECT rejected_data FROM s.refused")
    bob.denied(COPY)


COPY = "COPY s.t (a) FROM LOCAL STDIN REJECTED DATA AS TABLE s.refused"


def load(client):
    """Load one line that is no number."""
    needed = client.session.run(COPY)
    path = client.session.database.spool_folder / "input"
    path.write_text("x\n")
    client.session.copy(needed, [SpooledSource(path, "STDIN")])
