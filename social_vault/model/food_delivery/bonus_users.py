"""Table public.users of the bonus system: which order user each of its users is. Read whole.

Missing values: none. A user who is absent from a whole read has been deleted there.
"""

from social_vault.model.food_delivery.order_users import H_ORDER_USERS, OBJECT_ID
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

H_BONUS_USERS = Hub(
    "h_bonus_users", "bonus_users", key="hk_bonus_user_id", business_key="bonus_user_id"
)
L_BONUS_ORDER_USERS = Link(
    "l_bonus_order_users",
    key="hk_l_bonus_order_user_id",
    ends=("bonus_user_id", "order_user_id"),
)

BONUS_USERS = Table(
    name="bonus_users",
    source="bonus",
    origin="users",
    version=1,
    is_whole=True,
    columns=(
        Column(
            "bonus_user_id", "integer", heading="id", required=True, minimum=0, hub=H_BONUS_USERS
        ),
        Column(
            "order_user_id",
            "text",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_ORDER_USERS,
        ),
    ),
    spread=("bonus_user_id",),
    links=(L_BONUS_ORDER_USERS,),
    satellites=(Satellite("s_bonus_user_presence", H_BONUS_USERS, is_presence=True),),
)
