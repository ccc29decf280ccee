-- Satellite of h_ranks: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_rank_info (
    hk_rank_id UUID NOT NULL,
    rank_name VARCHAR(2048) NOT NULL,
    bonus_percent NUMERIC(19, 5) NOT NULL,
    min_payment_threshold NUMERIC(19, 5) NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    record_no INT NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_rank_id) REFERENCES dwh.h_ranks (hk_rank_id)
)
ORDER BY hk_rank_id, load_dt
UNSEGMENTED ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
