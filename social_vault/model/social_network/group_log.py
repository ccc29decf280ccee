"""group_log.csv: one record an event in a group.

Missing values: user_id_from is missing unless another member added the user; all else is required.
Duplicates: the file has no natural key, for a user may join, leave and join again. Only an exact
repeat, equal in all five values, is refused; the first of them wins.
Unknown references: groups and users that no other file names are accepted, for hubs are fed from
every source that names a key; the report counts them.
"""

from social_vault.model.social_network.groups import H_GROUPS
from social_vault.model.social_network.users import H_USERS
from social_vault.model.table import Column, Table
from social_vault.model.vault import Link, Satellite

L_USER_GROUP_ACTIVITY = Link(
    "l_user_group_activity", key="hk_l_user_group_activity", ends=("user_id", "group_id")
)

GROUP_LOG = Table(
    name="group_log",
    version=1,
    columns=(
        Column("group_id", "integer", required=True, minimum=0, hub=H_GROUPS),
        Column("user_id", "integer", required=True, minimum=0, hub=H_USERS),
        Column("user_id_from", "integer", minimum=0, hub=H_USERS),
        # Wider than today's longest choice, so that a new one needs no ALTER TABLE.
        Column("event", "text", required=True, max_octets=10, choices=("create", "add", "leave")),
        # `datetime` is a type's name in SQL, so the column has another one in staging.
        Column("event_dt", "timestamp", heading="datetime", required=True),
    ),
    key=("group_id", "user_id", "user_id_from", "event", "event_dt"),
    spread=("group_id", "user_id"),
    links=(L_USER_GROUP_ACTIVITY,),
    satellites=(
        Satellite(
            "s_auth_history",
            L_USER_GROUP_ACTIVITY,
            ("user_id_from", "event", "event_dt"),
            is_event=True,
        ),
    ),
)
