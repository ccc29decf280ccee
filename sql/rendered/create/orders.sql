-- Staging of orders: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.orders (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    order_id VARCHAR(24) NOT NULL,
    restaurant_id VARCHAR(24) NOT NULL,
    order_user_id VARCHAR(24) NOT NULL,
    order_dt TIMESTAMP NOT NULL,
    cost NUMERIC(14, 2) NOT NULL,
    payment NUMERIC(14, 2) NOT NULL,
    bonus_payment NUMERIC(14, 2) NOT NULL,
    bonus_grant NUMERIC(14, 2) NOT NULL,
    final_status VARCHAR(20) NOT NULL,
    update_ts TIMESTAMP NOT NULL,
    items_digest VARCHAR(32) NOT NULL
)
ORDER BY load_id, order_id
SEGMENTED BY HASH(order_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
