-- Staging of menu_items: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.menu_items (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    restaurant_id VARCHAR(24) NOT NULL,
    item_no INT NOT NULL,
    product_id VARCHAR(24) NOT NULL,
    product_name VARCHAR(800) NOT NULL,
    price NUMERIC(14, 2) NOT NULL,
    category VARCHAR(400)
)
ORDER BY load_id, restaurant_id
SEGMENTED BY HASH(restaurant_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
