-- Link of bonus_users and order_users: a row for each relation, with the hash keys of its hubs.
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_bonus_order_users (
    hk_l_bonus_order_user_id UUID NOT NULL,
    hk_bonus_user_id UUID NOT NULL,
    hk_order_user_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_bonus_order_user_id) DISABLED,
    FOREIGN KEY (hk_bonus_user_id) REFERENCES dwh.h_bonus_users (hk_bonus_user_id),
    FOREIGN KEY (hk_order_user_id) REFERENCES dwh.h_order_users (hk_order_user_id)
)
ORDER BY hk_l_bonus_order_user_id
SEGMENTED BY HASH(hk_l_bonus_order_user_id) ALL NODES;
