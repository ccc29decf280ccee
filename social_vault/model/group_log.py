"""The contract of group_log.csv: one record an event in a group.

Missing values: user_id_from is missing unless another member added the user; all else is required.
Duplicates: the file has no natural key, for a user may join, leave and join again. Only an exact
repeat, equal in all five values, is refused; the first of them wins.
Unknown references: groups and users that no other file names are accepted, for hubs are fed from
every source that names a key; the report counts them.
"""

from social_vault.model.contract import Column, Contract

GROUP_LOG = Contract(
    table="group_log",
    version=1,
    columns=(
        Column("group_id", "group_id", "integer", required=True, minimum=0),
        Column("user_id", "user_id", "integer", required=True, minimum=0),
        Column("user_id_from", "user_id_from", "integer", minimum=0),
        Column("event", "event", "text", required=True, choices=("create", "add", "leave")),
        # `datetime` is a type's name in SQL, so the column has another one in staging.
        Column("event_dt", "datetime", "timestamp", required=True),
    ),
    key=("group_id", "user_id", "user_id_from", "event", "event_dt"),
)
