-- Staging of group_log: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.group_log (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    group_id INT NOT NULL,
    user_id INT NOT NULL,
    user_id_from INT,
    event VARCHAR(10) NOT NULL,
    event_dt TIMESTAMP NOT NULL
)
ORDER BY load_id, group_id, user_id
SEGMENTED BY HASH(group_id, user_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
