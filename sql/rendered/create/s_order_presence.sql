-- Satellite of h_orders: whether the source still holds the key, a row each time that this changes; source_at is the source's clock.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_order_presence (
    hk_order_id UUID NOT NULL,
    is_deleted BOOLEAN NOT NULL,
    source_at TIMESTAMP NOT NULL,
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
