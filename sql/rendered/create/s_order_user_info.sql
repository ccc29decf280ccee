-- Satellite of h_order_users: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_order_user_info (
    hk_order_user_id UUID NOT NULL,
    user_name VARCHAR(800) NOT NULL,
    user_login VARCHAR(800),
    update_ts TIMESTAMP NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_order_user_id) REFERENCES dwh.h_order_users (hk_order_user_id)
)
ORDER BY hk_order_user_id, load_dt
SEGMENTED BY HASH(hk_order_user_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
