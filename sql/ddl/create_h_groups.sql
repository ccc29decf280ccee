-- Hub of groups: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS {{ vault }}.h_groups (
    hk_group_id UUID NOT NULL,
    group_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING RLE,
    load_src VARCHAR(6000) NOT NULL ENCODING RLE,
    PRIMARY KEY (hk_group_id) DISABLED
)
ORDER BY hk_group_id
SEGMENTED BY HASH(hk_group_id) ALL NODES
