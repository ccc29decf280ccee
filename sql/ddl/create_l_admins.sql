-- Link of a group and the user who administers it.
-- Sorted and segmented by the key of its satellite; groups are on every node anyway. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS {{ vault }}.l_admins (
    hk_l_admin_id UUID NOT NULL,
    hk_user_id UUID NOT NULL,
    hk_group_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_admin_id) DISABLED,
    FOREIGN KEY (hk_user_id) REFERENCES {{ vault }}.h_users (hk_user_id),
    FOREIGN KEY (hk_group_id) REFERENCES {{ vault }}.h_groups (hk_group_id)
)
ORDER BY hk_l_admin_id
SEGMENTED BY HASH(hk_l_admin_id) ALL NODES
