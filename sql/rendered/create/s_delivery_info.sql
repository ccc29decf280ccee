-- Satellite of h_deliveries: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_delivery_info (
    hk_delivery_id UUID NOT NULL,
    order_ts TIMESTAMP NOT NULL,
    delivery_ts TIMESTAMP NOT NULL,
    address VARCHAR(1600) NOT NULL,
    rate INT NOT NULL,
    order_sum NUMERIC(14, 2) NOT NULL,
    tip_sum NUMERIC(14, 2) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_delivery_id) REFERENCES dwh.h_deliveries (hk_delivery_id)
)
ORDER BY hk_delivery_id, load_dt
SEGMENTED BY HASH(hk_delivery_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
