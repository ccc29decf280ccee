-- Link of users and groups: a row for each relation, with the hash keys of its hubs.
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_admins (
    hk_l_admin_id UUID NOT NULL,
    hk_user_id UUID NOT NULL,
    hk_group_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_admin_id) DISABLED,
    FOREIGN KEY (hk_user_id) REFERENCES dwh.h_users (hk_user_id),
    FOREIGN KEY (hk_group_id) REFERENCES dwh.h_groups (hk_group_id)
)
ORDER BY hk_l_admin_id
SEGMENTED BY HASH(hk_l_admin_id) ALL NODES;
