-- Staging of bonus_payments: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.bonus_payments (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    event_id INT NOT NULL,
    event_ts TIMESTAMP NOT NULL,
    order_id VARCHAR(24) NOT NULL,
    item_no INT NOT NULL,
    product_id VARCHAR(24) NOT NULL,
    product_name VARCHAR(800),
    price NUMERIC(14, 2) NOT NULL,
    quantity INT NOT NULL,
    product_cost NUMERIC(14, 2) NOT NULL,
    bonus_payment NUMERIC(14, 2) NOT NULL,
    bonus_grant NUMERIC(14, 2) NOT NULL
)
ORDER BY load_id, order_id
SEGMENTED BY HASH(order_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
