-- Staging of restaurant_changes: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.restaurant_changes (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    restaurant_id VARCHAR(24),
    op VARCHAR(10) NOT NULL,
    source_at TIMESTAMP NOT NULL
)
ORDER BY load_id, restaurant_id
SEGMENTED BY HASH(restaurant_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
