-- Hub of couriers: hash key and business key, nothing else.
-- So small that every node holds it all: joins to it need no network.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_couriers (
    hk_courier_id UUID NOT NULL,
    courier_id VARCHAR(23) NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_courier_id) DISABLED
)
ORDER BY hk_courier_id
UNSEGMENTED ALL NODES;
