"""The contract of groups.csv: one record a group.

Missing values: only group_name may be missing. Group 0 is a real group, and spaces around or
inside a name are part of it.
Duplicates: the first record with an id that breaks no rule wins; later ones are refused.
Unknown references: an admin_id that no users file names is accepted, for the hub of users is fed
from every source that names a user; the report counts such keys.
"""

from social_vault.model.contract import Column, Contract

GROUPS = Contract(
    table="groups",
    version=1,
    columns=(
        Column("id", "id", "integer", required=True, minimum=0),
        Column("admin_id", "admin_id", "integer", required=True, minimum=0),
        Column("group_name", "group_name", "text", max_octets=200),
        # The real file mixes whole seconds and microseconds.
        Column("registration_dt", "registration_dt", "timestamp", required=True),
        Column("is_private", "is_private", "boolean", required=True),
    ),
    key=("id",),
)
