-- Link of orders and restaurants and order_users: a row for each relation, with the hash keys of its hubs.
-- Lies by the key it is joined by most, so that the join stays on its node. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_orders (
    hk_l_order_id UUID NOT NULL,
    hk_order_id UUID NOT NULL,
    hk_restaurant_id UUID NOT NULL,
    hk_order_user_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_order_id) DISABLED,
    FOREIGN KEY (hk_order_id) REFERENCES dwh.h_orders (hk_order_id),
    FOREIGN KEY (hk_restaurant_id) REFERENCES dwh.h_restaurants (hk_restaurant_id),
    FOREIGN KEY (hk_order_user_id) REFERENCES dwh.h_order_users (hk_order_user_id)
)
ORDER BY hk_order_id
SEGMENTED BY HASH(hk_order_id) ALL NODES;
