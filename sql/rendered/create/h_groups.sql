-- Hub of groups: hash key and business key, nothing else.
-- So small that every node holds it all: joins to it need no network.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_groups (
    hk_group_id UUID NOT NULL,
    group_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_group_id) DISABLED
)
ORDER BY hk_group_id
UNSEGMENTED ALL NODES;
