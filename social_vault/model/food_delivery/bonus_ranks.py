"""Table public.ranks of the bonus system: what each rank grants. Read whole, landed when changed.

Missing values: none, all is required.
"""

from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Satellite

H_RANKS = Hub("h_ranks", "ranks", key="hk_rank_id", business_key="rank_id", is_small=True)

BONUS_RANKS = Table(
    name="bonus_ranks",
    source="bonus",
    origin="ranks",
    version=1,
    is_whole=True,
    columns=(
        Column("rank_id", "integer", heading="id", required=True, minimum=0, hub=H_RANKS),
        Column("rank_name", "text", heading="name", required=True, max_octets=2048),
        Column("bonus_percent", "decimal", required=True, minimum=0, digits=(19, 5)),
        Column("min_payment_threshold", "decimal", required=True, minimum=0, digits=(19, 5)),
    ),
    spread=("rank_id",),
    satellites=(
        Satellite("s_rank_info", H_RANKS, ("rank_name", "bonus_percent", "min_payment_threshold")),
    ),
)
