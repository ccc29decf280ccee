"""/couriers of the courier API: who carries. Read whole, landed when changed.

Missing values: none, both are required.
"""

from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Satellite

API_ID = "[0-9a-z]{23}"  # lower-case base 36; no ; is in it, so that keys cannot run together

H_COURIERS = Hub(
    "h_couriers",
    "couriers",
    key="hk_courier_id",
    business_key="courier_id",
    kind="text",
    max_octets=23,
    is_small=True,
)

COURIERS = Table(
    name="couriers",
    source="couriers",
    origin="couriers",
    version=1,
    form="documents",
    is_whole=True,
    columns=(
        Column(
            "courier_id",
            "text",
            path="_id",
            required=True,
            max_octets=23,
            pattern=API_ID,
            hub=H_COURIERS,
        ),
        Column("courier_name", "text", path="name", required=True, max_octets=800),
    ),
    spread=("courier_id",),
    satellites=(Satellite("s_courier_info", H_COURIERS, ("courier_name",)),),
)
