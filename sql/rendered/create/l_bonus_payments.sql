-- Link of orders and products: a row for each relation, with the hash keys of its hubs.
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_bonus_payments (
    hk_l_bonus_payment_id UUID NOT NULL,
    hk_order_id UUID NOT NULL,
    hk_product_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_bonus_payment_id) DISABLED,
    FOREIGN KEY (hk_order_id) REFERENCES dwh.h_orders (hk_order_id),
    FOREIGN KEY (hk_product_id) REFERENCES dwh.h_products (hk_product_id)
)
ORDER BY hk_l_bonus_payment_id
SEGMENTED BY HASH(hk_l_bonus_payment_id) ALL NODES;
