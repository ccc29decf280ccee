-- Satellite of h_dialogs: every distinct event once.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_dialog_info (
    hk_message_id UUID NOT NULL,
    message_ts TIMESTAMP NOT NULL,
    message_from INT NOT NULL,
    message_to INT NOT NULL,
    message VARCHAR(8000),
    message_group INT,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_message_id) REFERENCES dwh.h_dialogs (hk_message_id)
)
ORDER BY hk_message_id, load_dt
SEGMENTED BY HASH(hk_message_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
