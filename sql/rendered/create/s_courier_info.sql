-- Satellite of h_couriers: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_courier_info (
    hk_courier_id UUID NOT NULL,
    courier_name VARCHAR(800) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_courier_id) REFERENCES dwh.h_couriers (hk_courier_id)
)
ORDER BY hk_courier_id, load_dt
UNSEGMENTED ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
