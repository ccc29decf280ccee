"""Table public.outbox of the bonus system: what happened there, three kinds of events.

The event's values are JSON in a text column, and its type says which; user ids come as numbers in
one kind and as texts in the others. An event never changes: its id names it.
Missing values: a product's name may be missing, all else is required.
"""

from social_vault.model.food_delivery.bonus_ranks import H_RANKS
from social_vault.model.food_delivery.bonus_users import H_BONUS_USERS
from social_vault.model.food_delivery.order_users import OBJECT_ID
from social_vault.model.food_delivery.orders import H_ORDERS, MONEY
from social_vault.model.food_delivery.restaurants import H_PRODUCTS
from social_vault.model.table import ITEM_NO, Child, Column, Table, Variant
from social_vault.model.vault import Link, Satellite

EVENT_ID = Column("event_id", "integer", heading="id", required=True, minimum=0)
EVENT_TS = Column("event_ts", "timestamp", required=True)
USER_ID = Column(
    "bonus_user_id", "integer", path="user_id", required=True, minimum=0, hub=H_BONUS_USERS
)
ORDER_ID = Column("order_id", "text", required=True, max_octets=24, pattern=OBJECT_ID, hub=H_ORDERS)

L_BONUS_USER_RANKS = Link(
    "l_bonus_user_ranks", key="hk_l_bonus_user_rank_id", ends=("bonus_user_id", "rank_id")
)
L_BONUS_TRANSACTIONS = Link(
    "l_bonus_transactions", key="hk_l_bonus_transaction_id", ends=("bonus_user_id", "order_id")
)
L_BONUS_PAYMENTS = Link(
    "l_bonus_payments", key="hk_l_bonus_payment_id", ends=("order_id", "product_id")
)

USER_RANKS = Variant(
    name="bonus_user_ranks",
    kind="user_rank",
    columns=(
        EVENT_ID,
        EVENT_TS,
        USER_ID,
        Column("rank_id", "integer", required=True, minimum=0, hub=H_RANKS),
        Column("rank_name", "text", required=True, max_octets=2048),
        Column("rank_award", "decimal", required=True, digits=(19, 5)),
    ),
    spread=("bonus_user_id",),
    links=(L_BONUS_USER_RANKS,),
    satellites=(
        Satellite(
            "s_bonus_user_rank",
            L_BONUS_USER_RANKS,
            ("event_id", "event_ts", "rank_name", "rank_award"),
            is_event=True,
        ),
    ),
)
USER_BALANCES = Variant(
    name="bonus_user_balances",
    kind="user_balance",
    columns=(
        EVENT_ID,
        EVENT_TS,
        USER_ID,
        Column("balance", "decimal", required=True, digits=MONEY),
    ),
    spread=("bonus_user_id",),
    satellites=(
        Satellite(
            "s_bonus_user_balance",
            H_BONUS_USERS,
            ("event_id", "event_ts", "balance"),
            is_event=True,
        ),
    ),
)
PAYMENTS = Child(
    name="bonus_payments",
    path="product_payments",
    columns=(
        EVENT_ID,
        EVENT_TS,
        ORDER_ID,
        ITEM_NO,
        Column(
            "product_id",
            "text",
            required=True,
            max_octets=24,
            pattern=OBJECT_ID,
            hub=H_PRODUCTS,
        ),
        Column("product_name", "text", max_octets=800),
        Column("price", "decimal", required=True, minimum=0, digits=MONEY),
        Column("quantity", "integer", required=True, minimum=0),
        Column("product_cost", "decimal", required=True, minimum=0, digits=MONEY),
        Column("bonus_payment", "decimal", required=True, minimum=0, digits=MONEY),
        Column("bonus_grant", "decimal", required=True, minimum=0, digits=MONEY),
    ),
    spread=("order_id",),
    links=(L_BONUS_PAYMENTS,),
    satellites=(
        Satellite(
            "s_product_payment",
            L_BONUS_PAYMENTS,
            (
                "event_id",
                "event_ts",
                "item_no",
                "product_name",
                "price",
                "quantity",
                "product_cost",
                "bonus_payment",
                "bonus_grant",
            ),
            is_event=True,
        ),
    ),
)
TRANSACTIONS = Variant(
    name="bonus_transactions",
    kind="bonus_transaction",
    columns=(
        EVENT_ID,
        EVENT_TS,
        USER_ID,
        ORDER_ID,
        Column("order_date", "timestamp", required=True),
    ),
    spread=("order_id",),
    links=(L_BONUS_TRANSACTIONS,),
    satellites=(
        Satellite(
            "s_bonus_transaction",
            L_BONUS_TRANSACTIONS,
            ("event_id", "event_ts", "order_date"),
            is_event=True,
        ),
    ),
    children=(PAYMENTS,),
)

BONUS_OUTBOX = Table(
    name="bonus_outbox",
    source="bonus",
    origin="outbox",
    version=1,
    columns=(
        EVENT_ID,
        EVENT_TS,
        Column(
            "event_type",
            "text",
            required=True,
            max_octets=40,
            choices=("user_rank", "user_balance", "bonus_transaction"),
        ),
        # No column of a table: as long as a record may be.
        Column("event_value", "text", required=True, max_octets=1 << 20),
    ),
    kind_in="event_type",
    value_in="event_value",
    variants=(USER_RANKS, USER_BALANCES, TRANSACTIONS),
)
