"""What the catalogue and its functions show to whom."""


def test_the_catalogue_shows_what_one_may_see(admin, ann):
    """Objects show once any right on them and USAGE of their schema is there."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT INSERT ON s.u TO ann; GRANT reader TO ann")
    seen = {
        "tables": "SELECT table_name FROM v_catalog.tables",
        "columns": "SELECT DISTINCT table_name FROM v_catalog.columns",
        "views": "SELECT table_name FROM v_catalog.views",
        "sequences": "SELECT sequence_name FROM v_catalog.sequences",
        "schemata": "SELECT schema_name FROM v_catalog.schemata WHERE NOT is_system_schema",
        "roles": "SELECT name FROM v_catalog.roles ORDER BY name",
        "grants": "SELECT object_name FROM v_catalog.grants ORDER BY object_name",
        "sessions": "SELECT user_name FROM v_monitor.sessions",
        "requests": "SELECT DISTINCT user_name FROM v_monitor.query_requests",
    }

    found = {name: [row[0] for row in ann.run(text)] for name, text in seen.items()}

    assert found == {
        "tables": ["u"], "columns": ["u"], "views": [], "sequences": [], "schemata": ["s"],
        "roles": ["public", "reader"], "grants": ["reader", "s", "u"], "sessions": ["ann"],
        "requests": ["ann"],
    }  # fmt: skip
    assert len(admin.run(seen["tables"])) == 6
    assert "s.t" not in str(ann.run("SELECT EXPORT_OBJECTS('', '')"))
    assert ann.refusal("SELECT EXPORT_OBJECTS('', 's.t')").sqlstate == "42V01"


def test_v_catalog_grants_shows_the_owner_as_grantor(admin, ann):
    """A superuser grants on behalf of the owner; an asterisk marks what may be passed on."""
    admin.run("GRANT CREATE, USAGE ON SCHEMA s TO ann; GRANT reader TO bob WITH ADMIN OPTION")
    ann.run("CREATE TABLE s.mine (a INT)")
    admin.run("GRANT SELECT ON s.mine TO bob WITH GRANT OPTION; GRANT INSERT ON s.mine TO bob")

    rows = admin.run(
        "SELECT grantor, privileges_description, object_schema, object_name, object_type "
        "FROM grants WHERE grantee = 'bob' ORDER BY object_name"
    )

    assert rows == [
        ("ann", "SELECT*, INSERT", "s", "mine", "TABLE"),
        ("dbadmin", "*", "", "reader", "ROLE"),
    ]
    assert admin.run("SELECT all_roles FROM users WHERE user_name = 'bob'") == [("reader*",)]


def test_has_table_privilege_answers_for_oneself_and_for_superusers(admin, ann):
    """By name or by identifier, in any case."""
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT SELECT ON s.t TO ann")
    oids = admin.run(
        "SELECT user_id, table_id FROM users CROSS JOIN tables "
        "WHERE user_name = 'ann' AND table_name = 't'"
    )[0]

    assert ann.run("SELECT HAS_TABLE_PRIVILEGE('s.t', 'select')") == [(True,)]
    assert ann.run("SELECT HAS_TABLE_PRIVILEGE('s.t', 'INSERT')") == [(False,)]
    assert admin.run("SELECT HAS_TABLE_PRIVILEGE({}, {}, 'SELECT')".format(*oids)) == [(True,)]
    assert admin.run("SELECT HAS_TABLE_PRIVILEGE('bob', 's.t', 'SELECT')") == [(False,)]
    assert ann.refusal("SELECT HAS_TABLE_PRIVILEGE('s.u', 'SELECT')").sqlstate == "42V01"


def test_sessions_of_others_are_closed_by_administrators_only(admin, ann, bob):
    """To anybody else they do not exist."""
    number = bob.session.state.session_id

    assert ann.refusal(f"SELECT CLOSE_SESSION('{number}')").sqlstate == "42704"
    admin.run(f"SELECT CLOSE_SESSION('{number}')")

    assert bob.session.is_closed
