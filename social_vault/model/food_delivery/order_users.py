"""Collection users of the order system: who orders. Documents change; each state is a record.

Missing values: a login may be missing, all else is required.
"""

from social_vault.model.table import OP, SOURCE_AT, ChangeLog, Column, Table
from social_vault.model.vault import Hub, Satellite

OBJECT_ID = "[0-9a-f]{24}"  # of a MongoDB ObjectId; no ; is in it, so that keys cannot run together

H_ORDER_USERS = Hub(
    "h_order_users",
    "order_users",
    key="hk_order_user_id",
    business_key="order_user_id",
    kind="text",
    max_octets=24,
)
ORDER_USER_ID = Column(
    "order_user_id",
    "text",
    path="_id",
    required=True,
    max_octets=24,
    pattern=OBJECT_ID,
    hub=H_ORDER_USERS,
)

ORDER_USERS = Table(
    name="order_users",
    source="orders",
    origin="users",
    version=1,
    form="changes",
    columns=(
        ORDER_USER_ID,
        Column("user_name", "text", path="name", required=True, max_octets=800),
        Column("user_login", "text", path="login", max_octets=800),
        Column("update_ts", "timestamp", required=True),
    ),
    spread=("order_user_id",),
    satellites=(
        Satellite("s_order_user_info", H_ORDER_USERS, ("user_name", "user_login", "update_ts")),
    ),
    log=ChangeLog(
        name="order_user_changes",
        columns=(ORDER_USER_ID, OP, SOURCE_AT),
        spread=("order_user_id",),
        satellites=(Satellite("s_order_user_presence", H_ORDER_USERS, is_presence=True),),
    ),
)
