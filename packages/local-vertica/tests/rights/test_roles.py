"""Roles: granted, enabled, passed on, and the powerful ones that every database has."""

from support.catalog_client import Client


def test_a_role_must_be_enabled(admin, ann, database):
    """A granted role does nothing until SET ROLE, or from the start as a default role."""
    admin.run("GRANT USAGE ON SCHEMA s TO reader; GRANT SELECT ON s.t TO reader")
    admin.run("GRANT reader TO ann")
    ann.denied("SELECT a FROM s.t")

    ann.run("SET ROLE reader")

    assert ann.run("SELECT a FROM s.t") == []
    assert ann.run("SHOW ENABLED_ROLES") == [("enabled roles", "reader")]
    ann.run("SET ROLE NONE")
    ann.denied("SELECT a FROM s.t")
    admin.run("ALTER USER ann DEFAULT ROLE reader")
    assert Client(database, "ann").run("SELECT a FROM s.t") == []
    ann.run("SET ROLE DEFAULT")
    admin.run("REVOKE reader FROM ann")
    ann.denied("SELECT a FROM s.t")


def test_roles_are_given_through_roles(admin, ann):
    """A role brings what is granted to the roles it has; a circle is only warned of."""
    admin.run("CREATE ROLE chief; GRANT reader TO chief; GRANT chief TO ann WITH ADMIN OPTION")
    admin.run("GRANT USAGE ON SCHEMA s TO reader; GRANT SELECT ON s.t TO reader")

    ann.run("SET ROLE ALL EXCEPT reader")

    assert ann.run("SELECT a FROM s.t") == []
    assert ann.run("SHOW AVAILABLE ROLES") == [("available roles", "chief*, reader")]
    assert ann.run("SELECT HAS_ROLE('reader')") == [(True,)]
    assert admin.notices("GRANT chief TO reader") == (
        "Circular assignation of roles is not allowed",
    )
    assert admin.notices("GRANT chief TO ann") == (
        'Role "chief" was already granted to user "ann"',
    )
    assert admin.notices("REVOKE chief FROM bob") == (
        'Role "chief" was not already granted to user "bob"',
    )


def test_the_admin_option_lets_a_role_be_passed_on(admin, ann, bob):
    """Who has it grants and revokes the role; without it the role ends here."""
    admin.run("GRANT reader TO ann WITH ADMIN OPTION")
    ann.run("GRANT reader TO bob")
    bob.run("SET ROLE reader")
    assert bob.denied("GRANT reader TO public")
    assert admin.refusal("REVOKE ADMIN OPTION FOR reader FROM ann").sqlstate == "2BV01"

    admin.run("REVOKE ADMIN OPTION FOR reader FROM ann CASCADE")

    assert ann.run("SELECT HAS_ROLE('reader')") == [(True,)]
    assert bob.run("SELECT HAS_ROLE('reader')") == [(False,)]


def test_the_role_pseudosuperuser_opens_everything(admin, ann):
    """It goes around all grants, also to make users and to set parameters."""
    admin.run("GRANT pseudosuperuser TO ann")
    ann.denied("SELECT a FROM s.t")

    ann.run("SET ROLE pseudosuperuser")

    ann.run("INSERT INTO s.t (a) VALUES (1); COMMIT; CREATE USER eve; GRANT dbadmin TO eve")
    ann.run("ALTER DATABASE DEFAULT SET LockTimeout = 9; DROP SCHEMA s CASCADE")


def test_the_role_dbadmin_does_not_configure_the_database(admin, ann):
    """It makes users and reaches all data; parameters and its own power are not its to give."""
    admin.run("GRANT dbadmin TO ann")
    ann.run("SET ROLE dbadmin")

    ann.run("SELECT a FROM s.t; CREATE USER eve; GRANT reader TO eve; CREATE SCHEMA mine")

    ann.denied("ALTER DATABASE DEFAULT SET LockTimeout = 9")
    ann.denied("GRANT dbadmin TO eve")
    admin.run("GRANT dbadmin TO ann WITH ADMIN OPTION")
    ann.run("GRANT dbadmin TO eve")


def test_one_changes_ones_own_password_with_the_old_one(admin, ann):
    """REPLACE proves who asks; a superuser needs no such proof."""
    ann.run("ALTER USER ann IDENTIFIED BY 'new' REPLACE 'old'")

    assert ann.refusal("ALTER USER ann IDENTIFIED BY 'x' REPLACE 'old'").sqlstate == "28000"
    admin.run("ALTER USER ann IDENTIFIED BY 'other'")


def test_a_superuser_enables_other_roles_beside_its_own(admin):
    """What dbadmin has from the start can neither be disabled nor keeps it from other roles."""
    admin.run("GRANT reader TO dbadmin; SET ROLE reader")

    assert admin.run("SHOW ENABLED_ROLES")[0][1] == "dbadmin*, dbduser*, pseudosuperuser*, reader*"
    admin.run("SET ROLE NONE; ALTER DATABASE DEFAULT SET LockTimeout = 9")
