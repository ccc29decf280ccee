-- Hub of deliveries: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_deliveries (
    hk_delivery_id UUID NOT NULL,
    delivery_id VARCHAR(23) NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_delivery_id) DISABLED
)
ORDER BY hk_delivery_id
SEGMENTED BY HASH(hk_delivery_id) ALL NODES;
