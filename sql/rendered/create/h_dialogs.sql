-- Hub of dialogs: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_dialogs (
    hk_message_id UUID NOT NULL,
    message_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_message_id) DISABLED
)
ORDER BY hk_message_id
SEGMENTED BY HASH(hk_message_id) ALL NODES;
