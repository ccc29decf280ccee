-- Staging of groups: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.groups (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    id INT NOT NULL,
    admin_id INT NOT NULL,
    group_name VARCHAR(200),
    registration_dt TIMESTAMP NOT NULL,
    is_private BOOLEAN NOT NULL
)
ORDER BY load_id, id
SEGMENTED BY HASH(id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
