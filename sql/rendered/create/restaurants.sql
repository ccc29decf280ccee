-- Staging of restaurants: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.restaurants (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    restaurant_id VARCHAR(24) NOT NULL,
    restaurant_name VARCHAR(800) NOT NULL,
    menu_digest VARCHAR(32) NOT NULL,
    update_ts TIMESTAMP NOT NULL
)
ORDER BY load_id, restaurant_id
SEGMENTED BY HASH(restaurant_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
