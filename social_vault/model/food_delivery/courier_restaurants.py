"""/restaurants of the courier API: those of the order system, by the same ids. Read whole.

Missing values: none, both are required.
"""

from social_vault.model.food_delivery.order_users import OBJECT_ID
from social_vault.model.food_delivery.restaurants import H_RESTAURANTS
from social_vault.model.table import Column, Table
from social_vault.model.vault import Satellite

COURIER_RESTAURANTS = Table(
    name="courier_restaurants",
    source="couriers",
    origin="restaurants",
    version=1,
    form="documents",
    is_whole=True,
    columns=(
        Column(
            "restaurant_id",
            "text",
            path="_id",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_RESTAURANTS,
        ),
        Column("restaurant_name", "text", path="name", required=True, max_octets=800),
    ),
    spread=("restaurant_id",),
    satellites=(Satellite("s_courier_restaurant_info", H_RESTAURANTS, ("restaurant_name",)),),
)
