"""The least privilege of the product: what its users are granted suffices, and no more is."""

import re
import secrets

import pytest
from vertica_python import errors as driver_errors

from social_vault.answers import accounting
from social_vault.answers import questions as answer
from social_vault.errors import SettingsError, WarehouseError
from social_vault.loading.ledger import find_news
from social_vault.loading.staging import stage
from social_vault.model.catalogue import catalogue
from social_vault.schema.statements import grants, marts
from social_vault.stores.vertica import open_warehouse

WORLDS = ["social_network", "food_delivery"]

FILES = {
    "users": "id,chat_name,registration_dt,country,age\n"
    "1,Anna,2021-01-01 00:00:00,Guam,34\n2,Bob,2021-01-01 00:00:00,Guam,19\nx\n",
    "groups": "id,admin_id,group_name,registration_dt,is_private\n0,1,A,2021-01-02 00:00:00,1\nx\n",
    "dialogs": "message_id,message_ts,message_from,message_to,message,message_group\n"
    "10,2021-02-01 00:00:00,1,2,hi,0\nx\n",
    "group_log": "group_id,user_id,user_id_from,event,datetime\n0,1,,add,2021-01-03 00:00:00\nx\n",
}
MARTS = ("group_conversion", "group_conversion_by_age", "author_ages")
FOOD_MARTS = (
    "settlement_report",
    "settlement_differences",
    "courier_ledger",
    "delivery_differences",
)


class Person:
    """A user of the warehouse that has no rights but those the test gives it."""

    def __init__(self, vault):
        self.name = f"person_{secrets.token_hex(6)}"
        self.password = secrets.token_urlsafe(12)
        given = {**vault.settings.model_dump(), "user": self.name, "password": self.password}
        self.vault = type(vault)(type(vault.settings)(**given), vault.folder)

    def grants(self, role):
        """Return what is granted to a loader or a reader, here to this user."""
        names = {**self.vault.settings.schemas, "loader": "nobody", "reader": "nobody"}
        given = [each.text(**{**names, role: self.name}) for each in grants(catalogue())]
        return [text for text in given if text.endswith(f"TO {self.name}")]

    def run(self, statement):
        """Run a statement in a session of its own; {staging} and {dwh} stand for the schemas."""
        return self.vault.rows(statement)

    def refused(self, statement):
        """Run a statement that must be refused; return its SQLSTATE."""
        with pytest.raises(driver_errors.QueryError) as error:
            self.run(statement)
        return error.value.sqlstate


@pytest.fixture
def administer(warehouse_address):
    """Return a function that runs statements as the superuser."""
    with warehouse_address.connect() as connection:

        def run(*statements):
            for statement in statements:
                connection.cursor().execute(statement)

        yield run


@pytest.fixture
def person(vault, administer):
    """Make a user without rights; drop it in the end."""
    person = Person(vault)
    administer(f"CREATE USER {person.name} IDENTIFIED BY '{person.password}'")
    yield person
    administer(f"DROP USER {person.name} CASCADE")


@pytest.fixture
def loader(person, administer):
    """Return a user with the loader's grants."""
    administer(*person.grants("loader"))
    return person


@pytest.fixture
def reader(person, administer):
    """Return a user with the reader's grants."""
    administer(*person.grants("reader"))
    return person


def load_everything(vault):
    """Do what a flow does: stage files of each kind, fill the vault, account, answer."""
    requests = [vault.request(table, text) for table, text in FILES.items()]
    refuse_by_copy(requests[0])
    with open_warehouse(vault.settings) as warehouse:
        objects = [request.spooled.object for request in requests]
        assert find_news(warehouse, objects).known.objects == 0
        loads = [stage(warehouse, request) for request in requests]
        added = vault.load().added
        accounting.unknown_references(warehouse)
        rules = accounting.broken_rules(warehouse, loads)
        groups = answer.group_conversion(warehouse, 10)
        ages = answer.author_ages(warehouse, 10)
    rejected = [load.rejected for load in loads]
    return rejected, len(rules), added["h_users"], len(groups), ages


def refuse_by_copy(request):
    """Spoil an accepted record so that COPY refuses it into its temporary table."""
    accepted = request.validated.accepted
    accepted.write_bytes(accepted.read_bytes().replace(b"\x1f2\x1f", b"\x1ftwo\x1f"))


def test_the_loader_can_do_all_that_a_flow_does(loader):
    """The grants suffice for staging, rejects, COPY's own refusals, the vault and the answer."""
    found = load_everything(loader.vault)

    assert found == ([2, 1, 1, 1], 4, 2, 1, [{"age": 34, "cnt_users": 1}])


@pytest.mark.parametrize("name", ["schemas", "tables", "locks", "load_ids", "marts"])
def test_the_loader_needs_every_grant(loader, administer, name):
    """Without one of the statements the work fails; TEMP alone is what everybody has anyway."""
    texts = loader.grants("loader")
    (given,) = [text for text in texts if marks(name) in text]
    administer(revoking(given))

    with pytest.raises((WarehouseError, SettingsError), match=r"42501|cannot be read"):
        load_everything(loader.vault)


def marks(name):
    """Return by which words a statement of the loader's is known."""
    return {
        "schemas": "GRANT USAGE",
        "tables": "GRANT SELECT, INSERT",
        "locks": "GRANT UPDATE, DELETE",
        "load_ids": "ON SEQUENCE",
        "marts": "group_people",
    }[name]


def revoking(text):
    """Return the statement that takes back what another grants."""
    return re.sub(r"\bTO (\w+)$", r"FROM \1", text.replace("GRANT ", "REVOKE ", 1))


@pytest.mark.long
def test_the_loader_needs_every_single_privilege(loader, administer):
    """Each privilege on each object is used: the work fails without it."""
    pairs = [
        (privilege, name)
        for text in loader.grants("loader")
        if (found := re.search(r"GRANT (SELECT.*|UPDATE.*) ON\n(.*)\nTO", text, re.DOTALL))
        for privilege in found[1].split(", ")
        for name in found[2].replace(",", "").split()
    ]
    fed = [each.name for each in catalogue().fed_by(FILES)]
    used = {*fed, "load_ledger", "vault_ledger", "group_people", "group_conversion_by_age"}
    used |= {name for table in FILES for name in (table, f"{table}_rej")}
    needed = [pair for pair in pairs if pair[1].split(".")[1] in used]
    assert len(needed) == 2 * 24 + 2 * 5 + 2

    superfluous = []
    for privilege, name in needed:
        administer(f"REVOKE {privilege} ON {name} FROM {loader.name}")
        try:
            load_everything(loader.vault)
            superfluous.append((privilege, name))
        except (WarehouseError, SettingsError):
            pass
        administer(f"GRANT {privilege} ON {name} TO {loader.name}")

    assert superfluous == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {staging}.users",
        "DROP VIEW {dwh}.group_conversion",
        "DROP SCHEMA {dwh} CASCADE",
        "TRUNCATE TABLE {staging}.users",
        "TRUNCATE TABLE {dwh}.h_users",
        "ALTER TABLE {dwh}.h_users ADD COLUMN x INT",
        "CREATE TABLE {dwh}.mine (a INT)",
        "CREATE TABLE {staging}.mine (a INT)",
        "CREATE VIEW {dwh}.mine AS SELECT user_id FROM {dwh}.h_users",
        "CREATE SCHEMA mine",
        "CREATE USER mine",
        "UPDATE {dwh}.h_users SET user_id = 1",
        "DELETE FROM {dwh}.s_auth_history",
        "DELETE FROM {staging}.load_ledger",
        "DELETE FROM {staging}.users_rej",
        "COPY {staging}.users FROM '/etc/hostname'",
        "COPY {staging}.users FROM STDIN REJECTED DATA AS TABLE {staging}.mine",
        "LOCK TABLE {dwh}.h_users IN EXCLUSIVE MODE",
        "GRANT SELECT ON {dwh}.h_users TO public",
        "SELECT COUNT(*) FROM {dwh}.group_figures",
        "SELECT COUNT(*) FROM {dwh}.author_ages",
    ],
)
def test_the_loader_can_do_nothing_else(loader, statement):
    """What the flow does not do, its user may not do."""
    assert loader.refused(statement) == "42501"


def test_the_loader_reads_no_other_schema(loader, administer, schema):
    """What belongs to others stays closed, even a table that was granted, without USAGE."""
    administer(f"CREATE TABLE {schema}.theirs (a INT)")

    assert loader.refused(f"SELECT a FROM {schema}.theirs") == "42501"


def test_the_reader_reads_the_answers_and_nothing_else(vault, reader):
    """The marts are open; the views and tables beneath them, which name users, are not."""
    load_everything(vault)
    views = [name.removeprefix("marts/create_") for name in marts(catalogue())]
    closed = [view for view in views if view not in MARTS + FOOD_MARTS]

    assert [reader.run(f"SELECT COUNT(*) FROM {{dwh}}.{mart}") for mart in MARTS] == [[(1,)]] * 3
    for mart in FOOD_MARTS:
        assert reader.run(f"SELECT COUNT(*) FROM {{dwh}}.{mart}") == [(0,)]

    for name in [*(f"{{dwh}}.{v}" for v in closed), "{dwh}.h_users", "{staging}.users"]:
        assert reader.refused(f"SELECT COUNT(*) FROM {name}") == "42501"
    assert reader.refused("INSERT INTO {dwh}.h_users SELECT * FROM {dwh}.h_users") == "42501"


def test_a_role_hands_the_rights_on(person, administer):
    """The grants can go to a role; a user for whom it is a default role loads with it."""
    role = f"{person.name}_role"
    texts = [text.removesuffix(person.name) + role for text in person.grants("loader")]
    administer(f"CREATE ROLE {role}", *texts, f"GRANT {role} TO {person.name}")
    administer(f"ALTER USER {person.name} DEFAULT ROLE {role}")

    load_everything(person.vault)

    administer(f"DROP ROLE {role} CASCADE")
