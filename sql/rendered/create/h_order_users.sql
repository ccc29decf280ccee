-- Hub of order_users: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_order_users (
    hk_order_user_id UUID NOT NULL,
    order_user_id VARCHAR(24) NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_order_user_id) DISABLED
)
ORDER BY hk_order_user_id
SEGMENTED BY HASH(hk_order_user_id) ALL NODES;
