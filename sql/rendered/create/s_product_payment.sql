-- Satellite of l_bonus_payments: every distinct event once.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_product_payment (
    hk_l_bonus_payment_id UUID NOT NULL,
    event_id INT NOT NULL,
    event_ts TIMESTAMP NOT NULL,
    item_no INT NOT NULL,
    product_name VARCHAR(800),
    price NUMERIC(14, 2) NOT NULL,
    quantity INT NOT NULL,
    product_cost NUMERIC(14, 2) NOT NULL,
    bonus_payment NUMERIC(14, 2) NOT NULL,
    bonus_grant NUMERIC(14, 2) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_l_bonus_payment_id) REFERENCES dwh.l_bonus_payments (hk_l_bonus_payment_id)
)
ORDER BY hk_l_bonus_payment_id, load_dt
SEGMENTED BY HASH(hk_l_bonus_payment_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
