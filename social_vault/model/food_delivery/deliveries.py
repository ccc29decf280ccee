"""/deliveries of the courier API: who brought which order, when, and what for. Read by days.

Missing values: none, all is required; a delivery without its rating is refused.
"""

from social_vault.model.food_delivery.couriers import API_ID, H_COURIERS
from social_vault.model.food_delivery.order_users import OBJECT_ID
from social_vault.model.food_delivery.orders import H_ORDERS, MONEY
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

H_DELIVERIES = Hub(
    "h_deliveries",
    "deliveries",
    key="hk_delivery_id",
    business_key="delivery_id",
    kind="text",
    max_octets=23,
)
L_DELIVERIES = Link(
    "l_deliveries",
    key="hk_l_delivery_id",
    ends=("delivery_id", "order_id", "courier_id"),
    joined_by=H_DELIVERIES,
    is_fixed=True,
)

DELIVERIES = Table(
    name="deliveries",
    source="couriers",
    origin="deliveries",
    version=1,
    form="documents",
    columns=(
        Column(
            "delivery_id",
            "text",
            required=True,
            max_octets=23,
            pattern=API_ID,
            hub=H_DELIVERIES,
        ),
        Column("order_id", "text", required=True, max_octets=24, pattern=OBJECT_ID, hub=H_ORDERS),
        Column("courier_id", "text", required=True, max_octets=23, pattern=API_ID, hub=H_COURIERS),
        Column("order_ts", "timestamp", required=True),
        Column("delivery_ts", "timestamp", required=True),
        Column("address", "text", required=True, max_octets=1600),
        Column("rate", "integer", required=True, minimum=1, maximum=5),
        # `sum` is a function's name in SQL. It is the API's own, not always the order's cost.
        Column("order_sum", "decimal", path="sum", required=True, minimum=0, digits=MONEY),
        Column("tip_sum", "decimal", required=True, minimum=0, digits=MONEY),
    ),
    spread=("delivery_id",),
    links=(L_DELIVERIES,),
    satellites=(
        Satellite(
            "s_delivery_info",
            H_DELIVERIES,
            ("order_ts", "delivery_ts", "address", "rate", "order_sum", "tip_sum"),
        ),
    ),
)
