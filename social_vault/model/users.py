"""The contract of users.csv: one record a user.

Missing values: id and registration_dt are required; chat_name, country and age may be missing.
An empty quoted text is '' and not missing; an empty quoted number is missing.
Duplicates: the first record with an id that breaks no rule wins; later ones are refused.
Unknown references: a user names no other record.
"""

from social_vault.model.contract import Column, Contract

USERS = Contract(
    table="users",
    version=1,
    columns=(
        Column("id", "id", "integer", required=True, minimum=0),
        Column("chat_name", "chat_name", "text", max_octets=200),
        Column("registration_dt", "registration_dt", "timestamp", required=True),
        Column("country", "country", "text", max_octets=200),
        # Older snapshots write ages as 34.0: the same whole number; 34.5 is none.
        Column("age", "age", "integer", minimum=0, maximum=130),
    ),
    key=("id",),
)
