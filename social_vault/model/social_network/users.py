"""users.csv: one record a user.

Missing values: id and registration_dt are required; chat_name, country and age may be missing.
An empty quoted text is '' and not missing; an empty quoted number is missing.
Duplicates: the first record with an id that breaks no rule wins; later ones are refused.
Unknown references: a user names no other record.
"""

from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Satellite

H_USERS = Hub("h_users", entity="users", key="hk_user_id", business_key="user_id")

USERS = Table(
    name="users",
    version=1,
    columns=(
        Column("id", "integer", required=True, minimum=0, hub=H_USERS),
        Column("chat_name", "text", max_octets=200),
        Column("registration_dt", "timestamp", required=True),
        Column("country", "text", max_octets=200),
        # Older snapshots write ages as 34.0: the same whole number; 34.5 is none.
        Column("age", "integer", minimum=0, maximum=130),
    ),
    key=("id",),
    satellites=(
        Satellite("s_user_chatinfo", H_USERS, ("chat_name", "registration_dt")),
        Satellite("s_user_socdem", H_USERS, ("country", "age")),
    ),
)
