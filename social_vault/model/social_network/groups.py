"""groups.csv: one record a group.

Missing values: only group_name may be missing. Group 0 is a real group, and spaces around or
inside a name are part of it.
Duplicates: the first record with an id that breaks no rule wins; later ones are refused.
Unknown references: an admin_id that no users file names is accepted, for the hub of users is fed
from every source that names a user; the report counts such keys.
"""

from social_vault.model.social_network.users import H_USERS
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

H_GROUPS = Hub(
    "h_groups", entity="groups", key="hk_group_id", business_key="group_id", is_small=True
)
L_ADMINS = Link("l_admins", key="hk_l_admin_id", ends=("admin_id", "id"))

GROUPS = Table(
    name="groups",
    version=1,
    columns=(
        Column("id", "integer", required=True, minimum=0, hub=H_GROUPS),
        Column("admin_id", "integer", required=True, minimum=0, hub=H_USERS),
        Column("group_name", "text", max_octets=200),
        # The real file mixes whole seconds and microseconds.
        Column("registration_dt", "timestamp", required=True),
        Column("is_private", "boolean", required=True),
    ),
    key=("id",),
    links=(L_ADMINS,),
    satellites=(
        # An admin since the group is registered: the file tells no other time.
        Satellite(
            "s_admins",
            L_ADMINS,
            ("registration_dt",),
            renamed=(("registration_dt", "admin_from"),),
            always_true="is_admin",
        ),
        Satellite("s_group_name", H_GROUPS, ("group_name", "registration_dt")),
        Satellite("s_group_private_status", H_GROUPS, ("is_private",)),
    ),
)
