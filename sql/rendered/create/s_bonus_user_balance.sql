-- Satellite of h_bonus_users: every distinct event once.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_bonus_user_balance (
    hk_bonus_user_id UUID NOT NULL,
    event_id INT NOT NULL,
    event_ts TIMESTAMP NOT NULL,
    balance NUMERIC(14, 2) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_bonus_user_id) REFERENCES dwh.h_bonus_users (hk_bonus_user_id)
)
ORDER BY hk_bonus_user_id, load_dt
SEGMENTED BY HASH(hk_bonus_user_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
