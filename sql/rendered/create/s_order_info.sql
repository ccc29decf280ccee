-- Satellite of h_orders: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_order_info (
    hk_order_id UUID NOT NULL,
    order_dt TIMESTAMP NOT NULL,
    cost NUMERIC(14, 2) NOT NULL,
    payment NUMERIC(14, 2) NOT NULL,
    bonus_payment NUMERIC(14, 2) NOT NULL,
    bonus_grant NUMERIC(14, 2) NOT NULL,
    final_status VARCHAR(20) NOT NULL,
    update_ts TIMESTAMP NOT NULL,
    items_digest VARCHAR(32) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_order_id) REFERENCES dwh.h_orders (hk_order_id)
)
ORDER BY hk_order_id, load_dt
SEGMENTED BY HASH(hk_order_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
