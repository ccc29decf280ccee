-- Hub of products: hash key and business key, nothing else.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_products (
    hk_product_id UUID NOT NULL,
    product_id VARCHAR(24) NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_product_id) DISABLED
)
ORDER BY hk_product_id
SEGMENTED BY HASH(hk_product_id) ALL NODES;
