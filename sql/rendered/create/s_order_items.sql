-- Satellite of h_orders: the parts of each version in s_order_info, under its load_dt, load_id and record_no.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_order_items (
    hk_order_id UUID NOT NULL,
    item_no INT NOT NULL,
    product_id VARCHAR(24) NOT NULL,
    product_name VARCHAR(800),
    price NUMERIC(14, 2) NOT NULL,
    quantity INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_order_id) REFERENCES dwh.h_orders (hk_order_id)
)
ORDER BY hk_order_id, load_dt
SEGMENTED BY HASH(hk_order_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
