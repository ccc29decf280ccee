-- Staging of bonus_users: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.bonus_users (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    bonus_user_id INT NOT NULL,
    order_user_id VARCHAR(24) NOT NULL
)
ORDER BY load_id, bonus_user_id
SEGMENTED BY HASH(bonus_user_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
