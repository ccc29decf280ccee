-- Hub of users: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_users (
    hk_user_id UUID NOT NULL,
    user_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_user_id) DISABLED
)
ORDER BY hk_user_id
SEGMENTED BY HASH(hk_user_id) ALL NODES;
