"""Collection restaurants of the order system: a restaurant with its menu.

Missing values: a dish may lack its category, all else is required. A menu that changes in one dish
is a new version of the restaurant, with all its dishes.
"""

from social_vault.model.food_delivery.order_users import OBJECT_ID
from social_vault.model.table import ITEM_NO, OP, SOURCE_AT, ChangeLog, Child, Column, Table
from social_vault.model.vault import Hub, Link, Satellite

H_RESTAURANTS = Hub(
    "h_restaurants",
    "restaurants",
    key="hk_restaurant_id",
    business_key="restaurant_id",
    kind="text",
    max_octets=24,
    is_small=True,
)
H_PRODUCTS = Hub(
    "h_products",
    "products",
    key="hk_product_id",
    business_key="product_id",
    kind="text",
    max_octets=24,
)
RESTAURANT_ID = Column(
    "restaurant_id",
    "text",
    path="_id",
    required=True,
    max_octets=24,
    pattern=OBJECT_ID,
    hub=H_RESTAURANTS,
)
L_MENU = Link("l_menu", key="hk_l_menu_id", ends=("restaurant_id", "product_id"))
S_RESTAURANT_INFO = Satellite(
    "s_restaurant_info", H_RESTAURANTS, ("restaurant_name", "menu_digest", "update_ts")
)

RESTAURANTS = Table(
    name="restaurants",
    source="orders",
    origin="restaurants",
    version=1,
    form="changes",
    columns=(
        RESTAURANT_ID,
        Column("restaurant_name", "text", path="name", required=True, max_octets=800),
        Column("menu_digest", "text", required=True, max_octets=32, digest_of="menu_items"),
        Column("update_ts", "timestamp", required=True),
    ),
    spread=("restaurant_id",),
    satellites=(S_RESTAURANT_INFO,),
    children=(
        Child(
            name="menu_items",
            path="menu",
            columns=(
                RESTAURANT_ID,
                ITEM_NO,
                Column(
                    "product_id",
                    "text",
                    path="_id",
                    required=True,
                    max_octets=24,
                    pattern=OBJECT_ID,
                    hub=H_PRODUCTS,
                ),
                Column("product_name", "text", path="name", required=True, max_octets=800),
                Column("price", "decimal", required=True, minimum=0, digits=(14, 2)),
                Column("category", "text", max_octets=400),
            ),
            spread=("restaurant_id",),
            links=(L_MENU,),
            satellites=(
                Satellite(
                    "s_menu_item",
                    H_RESTAURANTS,
                    ("item_no", "product_id", "product_name", "price", "category"),
                    follows=S_RESTAURANT_INFO,
                ),
            ),
        ),
    ),
    log=ChangeLog(
        name="restaurant_changes",
        columns=(RESTAURANT_ID, OP, SOURCE_AT),
        spread=("restaurant_id",),
        satellites=(Satellite("s_restaurant_presence", H_RESTAURANTS, is_presence=True),),
    ),
)
