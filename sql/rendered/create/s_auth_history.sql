-- Satellite of l_user_group_activity: every distinct event once.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_auth_history (
    hk_l_user_group_activity UUID NOT NULL,
    user_id_from INT,
    event VARCHAR(10) NOT NULL,
    event_dt TIMESTAMP NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_l_user_group_activity) REFERENCES dwh.l_user_group_activity (hk_l_user_group_activity)
)
ORDER BY hk_l_user_group_activity, load_dt
SEGMENTED BY HASH(hk_l_user_group_activity) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
