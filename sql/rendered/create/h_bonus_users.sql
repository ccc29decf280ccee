-- Hub of bonus_users: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_bonus_users (
    hk_bonus_user_id UUID NOT NULL,
    bonus_user_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_bonus_user_id) DISABLED
)
ORDER BY hk_bonus_user_id
SEGMENTED BY HASH(hk_bonus_user_id) ALL NODES;
