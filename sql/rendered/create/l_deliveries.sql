-- Link of deliveries and orders and couriers: a row for each relation, with the hash keys of its hubs.
-- Lies by the key it is joined by most, so that the join stays on its node. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_deliveries (
    hk_l_delivery_id UUID NOT NULL,
    hk_delivery_id UUID NOT NULL,
    hk_order_id UUID NOT NULL,
    hk_courier_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_delivery_id) DISABLED,
    FOREIGN KEY (hk_delivery_id) REFERENCES dwh.h_deliveries (hk_delivery_id),
    FOREIGN KEY (hk_order_id) REFERENCES dwh.h_orders (hk_order_id),
    FOREIGN KEY (hk_courier_id) REFERENCES dwh.h_couriers (hk_courier_id)
)
ORDER BY hk_delivery_id
SEGMENTED BY HASH(hk_delivery_id) ALL NODES;
