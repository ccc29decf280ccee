-- Staging of bonus_user_ranks: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.bonus_user_ranks (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    event_id INT NOT NULL,
    event_ts TIMESTAMP NOT NULL,
    bonus_user_id INT NOT NULL,
    rank_id INT NOT NULL,
    rank_name VARCHAR(2048) NOT NULL,
    rank_award NUMERIC(19, 5) NOT NULL
)
ORDER BY load_id, bonus_user_id
SEGMENTED BY HASH(bonus_user_id) ALL NODES
PARTITION BY staged_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(staged_at::DATE, 2, 2);
