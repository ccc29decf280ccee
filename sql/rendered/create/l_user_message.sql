-- Link of users and dialogs: a row for each relation, with the hash keys of its hubs.
-- Lies by the key it is joined by most, so that the join stays on its node. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_user_message (
    hk_l_user_message UUID NOT NULL,
    hk_user_id UUID NOT NULL,
    hk_message_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_user_message) DISABLED,
    FOREIGN KEY (hk_user_id) REFERENCES dwh.h_users (hk_user_id),
    FOREIGN KEY (hk_message_id) REFERENCES dwh.h_dialogs (hk_message_id)
)
ORDER BY hk_message_id
SEGMENTED BY HASH(hk_message_id) ALL NODES;
