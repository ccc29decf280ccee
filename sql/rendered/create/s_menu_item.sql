-- Satellite of h_restaurants: the parts of each version in s_restaurant_info, under its load_dt, load_id and record_no.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_menu_item (
    hk_restaurant_id UUID NOT NULL,
    item_no INT NOT NULL,
    product_id VARCHAR(24) NOT NULL,
    product_name VARCHAR(800) NOT NULL,
    price NUMERIC(14, 2) NOT NULL,
    category VARCHAR(400),
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_restaurant_id) REFERENCES dwh.h_restaurants (hk_restaurant_id)
)
ORDER BY hk_restaurant_id, load_dt
UNSEGMENTED ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
