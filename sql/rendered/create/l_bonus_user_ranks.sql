-- Link of bonus_users and ranks: a row for each relation, with the hash keys of its hubs.
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_bonus_user_ranks (
    hk_l_bonus_user_rank_id UUID NOT NULL,
    hk_bonus_user_id UUID NOT NULL,
    hk_rank_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_bonus_user_rank_id) DISABLED,
    FOREIGN KEY (hk_bonus_user_id) REFERENCES dwh.h_bonus_users (hk_bonus_user_id),
    FOREIGN KEY (hk_rank_id) REFERENCES dwh.h_ranks (hk_rank_id)
)
ORDER BY hk_l_bonus_user_rank_id
SEGMENTED BY HASH(hk_l_bonus_user_rank_id) ALL NODES;
