-- Staging of couriers: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.couriers (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    courier_id VARCHAR(23) NOT NULL,
    courier_name VARCHAR(800) NOT NULL
)
ORDER BY load_id, courier_id
SEGMENTED BY HASH(courier_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
