-- Staging of deliveries: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.deliveries (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    delivery_id VARCHAR(23) NOT NULL,
    order_id VARCHAR(24) NOT NULL,
    courier_id VARCHAR(23) NOT NULL,
    order_ts TIMESTAMP NOT NULL,
    delivery_ts TIMESTAMP NOT NULL,
    address VARCHAR(1600) NOT NULL,
    rate INT NOT NULL,
    order_sum NUMERIC(14, 2) NOT NULL,
    tip_sum NUMERIC(14, 2) NOT NULL
)
ORDER BY load_id, delivery_id
SEGMENTED BY HASH(delivery_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
