"""Audits: what must not be in a table after a batch is found before its COMMIT."""

import pytest

from social_vault.errors import AuditError
from social_vault.loading import vault as vault_loading
from social_vault.model.catalogue import catalogue
from social_vault.schema.statements import audit
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.small_network import small_network

DESCRIBED = {described.name: described for described in catalogue().vault}


def refuse(vault, batch, table, words):
    """Audit a table after a batch; what is found must be said in these words."""
    binds = {"batch_id": batch.batch_id, "load_dt": batch.load_dt}
    with open_warehouse(vault.settings) as warehouse, pytest.raises(AuditError, match=words):
        vault_loading.audit(warehouse, audit(catalogue(), DESCRIBED[table]), binds)


@pytest.mark.parametrize(
    ("fault", "table"),
    [
        (
            "INSERT INTO {dwh}.h_users SELECT * FROM {dwh}.h_users",
            "h_users",
        ),
        ("DELETE FROM {dwh}.h_groups", "l_admins"),
        ("UPDATE {dwh}.h_users SET user_id = 77 WHERE user_id = 1", "h_users"),
        ("DELETE FROM {dwh}.l_admins", "s_admins"),
        ("DELETE FROM {dwh}.h_users", "l_user_message"),
        ("UPDATE {dwh}.s_user_socdem SET age = 99", "s_user_socdem"),
        ("INSERT INTO {dwh}.s_auth_history SELECT * FROM {dwh}.s_auth_history", "s_auth_history"),
        ("DELETE FROM {dwh}.h_dialogs", "s_dialog_info"),
    ],
)
def test_an_audit_finds_what_must_not_be(vault, fault, table):
    """Each planted fault in a batch's rows is found by the audit of the table it shows in."""
    small_network(vault)
    batch = vault.load()
    vault.tamper(fault)

    refuse(vault, batch, table, table)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("h_users", "hk_user_id, user_id, {earlier}, load_src"),
        ("l_user_message", "hk_l_user_message, hk_user_id, hk_message_id, {earlier}, load_src"),
        (
            "s_auth_history",
            "hk_l_user_group_activity, user_id_from, event, event_dt, hashdiff, {earlier}, 0, ''",
        ),
    ],
)
def test_an_audit_sees_that_a_new_row_stood_there_before(vault, table, columns):
    """A key that an earlier batch brought must not come again."""
    small_network(vault)
    batch = vault.load()
    earlier = columns.format(earlier="CAST('2020-01-01' AS TIMESTAMP)")
    vault.tamper(f"INSERT INTO {{dwh}}.{table} SELECT {earlier} FROM {{dwh}}.{table}")

    refuse(vault, batch, table, "a key of the batch stands twice")


def test_an_audit_sees_a_business_key_that_an_earlier_batch_hashed_otherwise(vault):
    """A vault whose keys were made by another rule is not added to."""
    small_network(vault)
    batch = vault.load()
    vault.tamper(
        "INSERT INTO {dwh}.h_users SELECT MD5('other;' || user_id::VARCHAR)::UUID, user_id,"
        " CAST('2020-01-01' AS TIMESTAMP), load_src FROM {dwh}.h_users"
    )

    refuse(vault, batch, "h_users", "under two hash keys")


def test_two_equal_versions_in_a_row_are_found(vault):
    """The audit of a satellite sees a version that repeats the one before it."""
    small_network(vault)
    batch = vault.load()
    vault.tamper(
        "INSERT INTO {dwh}.s_group_name SELECT hk_group_id, group_name, registration_dt, hashdiff,"
        " load_dt, load_id + 1, load_src FROM {dwh}.s_group_name"
    )

    refuse(vault, batch, "s_group_name", "equal versions")


def test_a_failed_audit_rolls_the_batch_back(vault):
    """Nothing of a batch that fails its audit becomes visible, and the next run does it again."""
    small_network(vault)
    vault.tamper(
        "INSERT INTO {dwh}.h_users"
        " SELECT MD5('users;1')::UUID, 999, CAST('2020-01-01' AS TIMESTAMP), 'x'"
    )

    with pytest.raises(AuditError, match="h_users"):
        vault.load()

    assert vault.rows("SELECT COUNT(*) FROM {dwh}.vault_ledger") == [(0,)]
    assert vault.rows("SELECT COUNT(*) FROM {dwh}.h_dialogs") == [(0,)]
