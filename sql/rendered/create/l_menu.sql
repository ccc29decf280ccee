-- Link of restaurants and products: a row for each relation, with the hash keys of its hubs.
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.l_menu (
    hk_l_menu_id UUID NOT NULL,
    hk_restaurant_id UUID NOT NULL,
    hk_product_id UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_l_menu_id) DISABLED,
    FOREIGN KEY (hk_restaurant_id) REFERENCES dwh.h_restaurants (hk_restaurant_id),
    FOREIGN KEY (hk_product_id) REFERENCES dwh.h_products (hk_product_id)
)
ORDER BY hk_l_menu_id
SEGMENTED BY HASH(hk_l_menu_id) ALL NODES;
