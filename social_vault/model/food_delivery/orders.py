"""Collection orders of the order system: an order with its items and the statuses it went through.

Missing values: none but an item's name; all else is required. The document's `date` is the time of
its last status, so that of a CLOSED order is the time when it was closed.
"""

from social_vault.model.food_delivery.order_users import H_ORDER_USERS, OBJECT_ID
from social_vault.model.food_delivery.restaurants import H_PRODUCTS, H_RESTAURANTS
from social_vault.model.table import ITEM_NO, OP, SOURCE_AT, ChangeLog, Child, Column, Table
from social_vault.model.vault import Hub, Link, Satellite

STATUSES = ("OPEN", "COOKING", "DELIVERING", "CLOSED", "CANCELLED")
MONEY = (14, 2)

H_ORDERS = Hub(
    "h_orders", "orders", key="hk_order_id", business_key="order_id", kind="text", max_octets=24
)
ORDER_ID = Column(
    "order_id", "text", path="_id", required=True, max_octets=24, pattern=OBJECT_ID, hub=H_ORDERS
)
L_ORDERS = Link(
    "l_orders",
    key="hk_l_order_id",
    ends=("order_id", "restaurant_id", "order_user_id"),
    joined_by=H_ORDERS,
    is_fixed=True,
)
L_ORDER_PRODUCTS = Link(
    "l_order_products", key="hk_l_order_product_id", ends=("order_id", "product_id")
)
S_ORDER_INFO = Satellite(
    "s_order_info",
    H_ORDERS,
    (
        "order_dt",
        "cost",
        "payment",
        "bonus_payment",
        "bonus_grant",
        "final_status",
        "update_ts",
        "items_digest",
    ),
)

ORDER_ITEMS = Child(
    name="order_items",
    path="order_items",
    columns=(
        ORDER_ID,
        ITEM_NO,
        Column(
            "product_id",
            "text",
            path="id",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_PRODUCTS,
        ),
        Column("product_name", "text", path="name", max_octets=800),
        Column("price", "decimal", required=True, minimum=0, digits=MONEY),
        Column("quantity", "integer", required=True, minimum=0),
    ),
    spread=("order_id",),
    links=(L_ORDER_PRODUCTS,),
    satellites=(
        Satellite(
            "s_order_items",
            H_ORDERS,
            ("item_no", "product_id", "product_name", "price", "quantity"),
            follows=S_ORDER_INFO,
        ),
    ),
)
ORDER_STATUSES = Child(
    name="order_statuses",
    path="statuses",
    columns=(
        ORDER_ID,
        ITEM_NO,
        Column("status", "text", required=True, max_octets=20, choices=STATUSES),
        Column("status_dt", "timestamp", path="dttm", required=True),
    ),
    spread=("order_id",),
    satellites=(Satellite("s_order_status", H_ORDERS, ("status", "status_dt"), is_event=True),),
)

ORDERS = Table(
    name="orders",
    source="orders",
    origin="orders",
    version=1,
    form="changes",
    columns=(
        ORDER_ID,
        Column(
            "restaurant_id",
            "text",
            path="restaurant.id",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_RESTAURANTS,
        ),
        Column(
            "order_user_id",
            "text",
            path="user.id",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_ORDER_USERS,
        ),
        Column("order_dt", "timestamp", path="date", required=True),
        Column("cost", "decimal", required=True, minimum=0, digits=MONEY),
        Column("payment", "decimal", required=True, minimum=0, digits=MONEY),
        Column("bonus_payment", "decimal", required=True, minimum=0, digits=MONEY),
        Column("bonus_grant", "decimal", required=True, minimum=0, digits=MONEY),
        Column("final_status", "text", required=True, max_octets=20, choices=STATUSES),
        Column("update_ts", "timestamp", required=True),
        Column("items_digest", "text", required=True, max_octets=32, digest_of="order_items"),
    ),
    spread=("order_id",),
    links=(L_ORDERS,),
    satellites=(S_ORDER_INFO,),
    children=(ORDER_ITEMS, ORDER_STATUSES),
    log=ChangeLog(
        name="order_changes",
        columns=(ORDER_ID, OP, SOURCE_AT),
        spread=("order_id",),
        satellites=(Satellite("s_order_presence", H_ORDERS, is_presence=True),),
    ),
)
