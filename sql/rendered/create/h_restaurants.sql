-- Hub of restaurants: hash key and business key, nothing else.
-- So small that every node holds it all: joins to it need no network.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_restaurants (
    hk_restaurant_id UUID NOT NULL,
    restaurant_id VARCHAR(24) NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_restaurant_id) DISABLED
)
ORDER BY hk_restaurant_id
UNSEGMENTED ALL NODES;
