-- Staging of dialogs: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.dialogs (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    message_id INT NOT NULL,
    message_ts TIMESTAMP NOT NULL,
    message_from INT NOT NULL,
    message_to INT NOT NULL,
    message VARCHAR(8000),
    message_group INT
)
ORDER BY load_id, message_id
SEGMENTED BY HASH(message_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
