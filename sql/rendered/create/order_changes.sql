-- Staging of order_changes: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.order_changes (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    order_id VARCHAR(24),
    op VARCHAR(10) NOT NULL,
    source_at TIMESTAMP NOT NULL
)
ORDER BY load_id, order_id
SEGMENTED BY HASH(order_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
